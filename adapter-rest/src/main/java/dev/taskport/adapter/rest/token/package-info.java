/**
 * Authentication by bearer tokens, and authorization: a user reaches only paths with that user's
 * id. Micronaut's security filter calls these classes in this order:
 *
 * <ol>
 *   <li>{@code BearerTokenFetcher} takes the token out of the {@code Authorization} header;
 *   <li>{@code TokenParser} parses it;
 *   <li>{@code HmacTokenVerifier} or {@code JwksTokenVerifier} checks its signature, the latter by
 *       a key of the key set ({@code JwksSource}, {@code JwksKey});
 *   <li>{@code TokenClaims} checks its claims, and takes the user's id from them;
 *   <li>{@code AccessRule} compares that user with the one in the path.
 * </ol>
 *
 * <p>{@code TokenProblemHandlers} answers refusals. Before a handler runs, {@code PathValues}
 * converts the user id of the path, and checks once more that it is the caller's.
 */
@NullMarked
package dev.taskport.adapter.rest.token;

import org.jspecify.annotations.NullMarked;
