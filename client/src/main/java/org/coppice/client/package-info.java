/**
 * End-to-end encrypted conversations: begin at {@link org.coppice.client.CoppiceClient}.
 *
 * <pre>{@code
 * try (var client = CoppiceClient.open(store, environment, connector)) {
 *   Conversation team = client.createConversation("team");
 *   team.invite(new UserName("bob"));
 *   team.send("hello, bob");
 *   client.sync();
 *   team.latest(10).forEach(System.out::println);
 * }
 * }</pre>
 */
package org.coppice.client;
