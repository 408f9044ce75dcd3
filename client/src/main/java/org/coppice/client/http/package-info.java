/**
 * Delivery over HTTP: {@link org.coppice.client.http.HttpDelivery} opens sessions at a service that speaks the interface of
 * {@code docs/openapi.yaml}.
 */
package org.coppice.client.http;
