/**
 * The API's description: the OpenAPI document, written by hand in {@code openapi.yml} so that the
 * controllers hold nothing but their routes, and the pages that show it. Tests check that the
 * document matches the routes and their answers.
 */
@NullMarked
package dev.taskport.adapter.rest.docs;

import org.jspecify.annotations.NullMarked;
