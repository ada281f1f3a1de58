/**
 * What stands between a client and the service: proxies, which tell of the client in headers, and
 * the path below which clients see the service. {@code Forwarding} rewrites each request before
 * anything else reads it, so that the router, the access check and all others see the same path and
 * the same host. {@code Callers} tells whose a request is.
 */
@NullMarked
package dev.taskport.adapter.rest.proxy;

import org.jspecify.annotations.NullMarked;
