/**
 * The API's description: the OpenAPI document that the build makes from the controllers, and the
 * pages that show it. {@code ApiParts} holds what the descriptions of routes have in common.
 */
@NullMarked
package dev.taskport.adapter.rest.docs;

import org.jspecify.annotations.NullMarked;
