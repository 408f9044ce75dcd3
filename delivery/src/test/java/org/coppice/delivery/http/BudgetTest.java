package org.coppice.delivery.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Who gets how much of what is shared; waiting reads are the example. */
class BudgetTest {
    private static final int GROUPS = 20;

    /** One read for each group and one for the inbox. */
    private static boolean takesAll(Budget budget, Object client) {
        for (int i = 0; i <= GROUPS; i++) {
            if (!budget.acquire(client, 1)) {
                return false;
            }
        }
        return true;
    }

    private static void takeWhatThereIs(Budget budget, Object client) {
        while (budget.acquire(client, 1)) {
            // one more
        }
    }

    @Test
    void aClientInSeveralGroupsGetsAllItsReadsBesideGreedyOnes() {
        Budget budget = new Budget(Limits.DEFAULT.maxPolls());
        for (int greedy = 1; greedy <= 6; greedy++) {
            takeWhatThereIs(budget, "greedy " + greedy);
            String honest = "honest " + greedy;
            assertThat(takesAll(budget, honest)).as("beside %d", greedy).isTrue();
            budget.release(honest, GROUPS + 1);
        }
    }

    @Test
    void twoHundredClientsInSeveralGroupsFitBesideOneAnother() {
        Budget budget = new Budget(Limits.DEFAULT.maxPolls());
        for (int client = 0; client < 200; client++) {
            assertThat(takesAll(budget, client)).as("client %d", client).isTrue();
        }
    }

    @Test
    void whatIsGivenBackIsThereAgain() {
        Budget budget = new Budget(4);
        assertThat(budget.acquire("alice", 2)).isTrue();
        assertThat(budget.acquire("alice", 1)).isFalse();
        assertThat(budget.acquire("bob", 1)).isTrue();
        assertThat(budget.acquire("bob", 1)).isFalse();
        budget.release("alice", 2);
        assertThat(budget.used()).isEqualTo(1);
        assertThat(budget.acquire("alice", 1)).isTrue();
    }
}
