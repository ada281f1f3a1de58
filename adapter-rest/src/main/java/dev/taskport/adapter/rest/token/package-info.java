/**
 * Authentication by bearer tokens, and authorization: a user reaches only paths with that user's
 * id. From {@code AccessFilter} on, a request passes through these classes in this order:
 *
 * <ol>
 *   <li>{@code BearerTokens} takes the token out of the {@code Authorization} header, or of a
 *       cookie; one that is among the {@code VerifiedTokens} goes straight to the last step;
 *   <li>{@code TokenParser} parses it;
 *   <li>{@code HmacTokenVerifier} or {@code JwksTokenVerifier} checks its signature, the latter by
 *       a key of the key set ({@code JwksSource}, {@code KnownKeys}, {@code JwksKey}), on threads
 *       of its own ({@code SignatureChecks});
 *   <li>{@code TokenClaims} checks its claims, and takes the user's id from them;
 *   <li>{@code AccessRule} compares that user with the one in the path, if there is one.
 * </ol>
 *
 * <p>{@code TokenProblemHandlers} answers refusals. Before a handler runs, {@code UserTasksBinder}
 * gives it the {@code UserTasks} that the request is about, and checks once more that they are the
 * caller's.
 */
@NullMarked
package dev.taskport.adapter.rest.token;

import org.jspecify.annotations.NullMarked;
