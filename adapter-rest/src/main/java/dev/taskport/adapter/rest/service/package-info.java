/** The routes that tell the service's name, version and health. They are open to everybody. */
@NullMarked
package dev.taskport.adapter.rest.service;

import org.jspecify.annotations.NullMarked;
