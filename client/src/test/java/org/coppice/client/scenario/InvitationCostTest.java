package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.client.scenario.World.user;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.coppice.client.Between;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.store.ClientStore;
import org.coppice.client.store.Space;
import org.coppice.client.store.StoreTransaction;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.UserName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What inviting many costs the store: as much for each of them, however many they are. */
class InvitationCostTest {
    private final World world = new World(71);
    private final AtomicInteger writes = new AtomicInteger();

    @AfterEach
    void end() {
        world.close();
    }

    /** Counts what is written of wishes. */
    private ClientStore counted(ClientStore store) {
        return Between.put(ClientStore.class, store, call -> {
            Object result = call.go();
            return result instanceof StoreTransaction records
                    ? Between.put(StoreTransaction.class, records, this::count)
                    : result;
        });
    }

    private Object count(Between.Call call) throws Throwable {
        if (call.is("put") && ((Space) call.argument(0)).name().equals("wish")) {
            writes.incrementAndGet();
        }
        return call.go();
    }

    private Conversation begin(int users, List<UserName> invited) {
        for (int i = 0; i < users; i++) {
            world.join("user" + i);
            invited.add(user("user" + i));
        }
        world.disk = (name, store) -> counted(store);
        return world.join("alice").createConversation("all");
    }

    @Test
    void aWishIsWrittenAsOftenForManyAsForOne() {
        List<UserName> users = new ArrayList<>();
        Conversation all = begin(24, users);
        writes.set(0);
        assertThat(all.invite(users.subList(0, 1), List.of()).isDone()).isTrue();
        int forOne = writes.getAndSet(0);
        assertThat(forOne).isPositive();
        assertThat(all.invite(users.subList(1, 24), List.of()).isDone()).isTrue();
        assertThat(writes).hasValue(forOne);
        assertThat(all.members()).hasSize(25);
    }

    @Test
    void whatWasClaimedBeforeTheServiceWasAwayIsKept() throws Exception {
        List<UserName> users = new ArrayList<>();
        AtomicInteger claims = new AtomicInteger();
        AtomicInteger failAt = new AtomicInteger(5);
        world.network = session -> Between.put(DeliverySession.class, session, call -> {
            Object claimed = call.go();
            if (call.is("claimKeyPackages") && claims.incrementAndGet() == failAt.get()) {
                throw new IOException("the network went away");
            }
            return claimed;
        });
        Conversation all = begin(8, users);
        assertThat(all.invite(users, List.of()).isDone()).isFalse();
        CoppiceClient alice = world.restart("alice");
        assertThat(claims).hasValue(5);
        alice.sync();
        // The fifth was asked for again with its id, and the four before it were not.
        assertThat(claims).hasValue(9);
        assertThat(world.conversation("alice", all.id()).members()).hasSize(9);
    }
}
