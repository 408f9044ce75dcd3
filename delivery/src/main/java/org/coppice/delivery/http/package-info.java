/**
 * The HTTP front of the delivery service: {@code docs/openapi.yaml} is what it speaks.
 *
 * <p>A request goes from {@code Front} (route, form, token, body) to the endpoint of its {@code Route}, one small class for each
 * resource, and comes back as a {@code Reply} or a problem (RFC 9457). Waiting reads ({@code LongPolls}) and streams of hints
 * ({@code EventStreams}) hold no thread. What is behind is {@link org.coppice.delivery.http.Backend} and the
 * {@link org.coppice.delivery.api.DeliverySession} that it opens for each request.
 */
package org.coppice.delivery.http;
