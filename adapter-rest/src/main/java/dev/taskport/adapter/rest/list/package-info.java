/**
 * The routes of a user's list of tasks and its summary. {@code TaskListController} reads the query
 * by {@code ListInput}, calls the use case once for each page, and links to the next page by {@code
 * PageLinks}; {@code TaskArrayWriter} sends a list that has no limit page by page.
 */
@NullMarked
package dev.taskport.adapter.rest.list;

import org.jspecify.annotations.NullMarked;
