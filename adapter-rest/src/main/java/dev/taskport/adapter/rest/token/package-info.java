/**
 * Who calls, and whose path it is. The framework's security filter calls these classes, in this
 * order:
 *
 * <ol>
 *   <li>{@code BearerTokenFetcher} takes the token out of the {@code Authorization} header;
 *   <li>{@code TokenParser} reads it, without believing it;
 *   <li>{@code HmacTokenVerifier} or {@code JwksTokenVerifier} checks its signature, the latter by
 *       a key of the key set ({@code JwksSource}, {@code JwksKey});
 *   <li>{@code TokenClaims} checks its claims, and takes the user's id from them;
 *   <li>{@code AccessRule} compares that user with the one in the path.
 * </ol>
 *
 * <p>A refusal becomes a problem in {@code TokenProblemHandlers}. When the handler then asks for
 * its {@code UserId}, {@code PathValues} gives it no other than the caller.
 */
@NullMarked
package dev.taskport.adapter.rest.token;

import org.jspecify.annotations.NullMarked;
