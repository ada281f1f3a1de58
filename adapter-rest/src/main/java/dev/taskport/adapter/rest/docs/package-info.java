/**
 * The API's description: the OpenAPI document, written by hand in {@code openapi.yml} so that the
 * controllers hold nothing but their routes, and the pages that show it. Tests hold the document to
 * the routes and to their answers.
 */
@NullMarked
package dev.taskport.adapter.rest.docs;

import org.jspecify.annotations.NullMarked;
