/** What the service says about itself, to everybody: its name, its version and its health. */
@NullMarked
package dev.taskport.adapter.rest.service;

import org.jspecify.annotations.NullMarked;
