package org.coppice.client.simulator;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.coppice.client.scenario.MessageFacts;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RequestId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.framing.MlsMessage;

/**
 * What lies between clients and the service: loses requests and answers, brings writes twice or late, cuts pages short, puts off, and
 * lets others act in between. It tells the ledgers what left a client and what the service took.
 */
final class Network {
    private final Life life;
    private final Climate climate;
    private final List<Write> onTheWay = new ArrayList<>();
    private final Set<Bytes> taken = new HashSet<>();
    private boolean calm;

    Network(Life life, Climate climate) {
        this.life = life;
        this.climate = climate;
    }

    /** A write that may arrive once more. */
    private record Write(Actor sender, Method method, Object[] args) {}

    /** From now on everything arrives, once and at once; what was on its way arrives first. */
    void calmDown() throws Exception {
        while (!onTheWay.isEmpty()) {
            arrive(onTheWay.remove(0));
        }
        calm = true;
    }

    /** What was on its way from a client whose former state is gone is gone, too. */
    void forget(Actor actor) {
        onTheWay.removeIf(write -> write.sender() == actor);
    }

    private boolean happens(int rate) {
        return !calm && life.happens(rate);
    }

    /** The session of one process of a client. */
    DeliverySession session(Actor actor, Process process) {
        return (DeliverySession) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DeliverySession.class}, (proxy, method, args) -> {
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    if (!List.of(method.getExceptionTypes()).contains(IOException.class)) {
                        return perform(actor.id(), method, args);
                    }
                    return call(actor, process, method, args);
                });
    }

    private Object call(Actor actor, Process process, Method method, Object[] args) throws Throwable {
        String name = method.getName();
        if (!calm) {
            between(actor);
        }
        process.network("before " + name);
        if (climate.rollsBack() == 0) {
            leaves(actor, args);
        }
        if (happens(climate.lost())) {
            life.note(actor, name + " is lost");
            throw new IOException("lost on its way");
        }
        if (happens(climate.busy())) {
            life.note(actor, name + " is put off");
            throw Problem.of(busy(), "later").asException();
        }
        boolean writes = args != null && args.length > 0 && args[0] instanceof RequestId;
        if (writes && happens(climate.late())) {
            onTheWay.add(new Write(actor, method, args.clone()));
            if (life.random().nextBoolean()) {
                life.note(actor, name + " is late");
                throw new IOException("no answer in time");
            }
            life.note(actor, name + " will come twice");
        }
        leaves(actor, args);
        Object result = perform(actor.id(), method, cut(name, args));
        process.network("after " + name);
        if (happens(climate.lost())) {
            life.note(actor, "the answer to " + name + " is lost");
            throw new IOException("the answer is lost");
        }
        return result;
    }

    private ProblemKind busy() {
        return switch (life.random().nextInt(3)) {
            case 0 -> ProblemKind.UNAVAILABLE;
            case 1 -> ProblemKind.OVER_LIMIT;
            default -> ProblemKind.UNAUTHENTICATED;
        };
    }

    /** Others act, old writes arrive, the service ends and begins again. */
    private void between(Actor actor) throws Exception {
        if (!onTheWay.isEmpty() && life.random().nextInt(4) == 0) {
            arrive(onTheWay.remove(life.random().nextInt(onTheWay.size())));
        }
        if (climate.realService() && life.happens(10)) {
            life.note(actor, "the service restarts");
            life.service().restart();
        }
        if (happens(climate.interleaved())) {
            life.another(actor);
        }
    }

    private void arrive(Write write) throws Exception {
        life.note(write.sender(), "an old " + write.method().getName() + " arrives");
        try {
            leaves(write.sender(), write.args());
            perform(write.sender().id(), write.method(), write.args());
        } catch (DeliveryException | IOException e) {
            // Nobody waits for the answer.
        }
    }

    /** Reads may give less than was asked for. */
    private Object[] cut(String name, Object[] args) {
        boolean hasLimit = name.equals("read") || name.equals("inbox");
        if (!hasLimit || calm || life.random().nextInt(4) != 0) {
            return args;
        }
        Object[] out = args.clone();
        out[name.equals("read") ? 2 : 1] = 1 + life.random().nextInt(3);
        return out;
    }

    private void leaves(Actor actor, Object[] args) {
        if (args == null) {
            return;
        }
        for (Object arg : args) {
            if (arg instanceof CommitBundle bundle) {
                life.keys().left(bundle.commit(), actor.name());
            } else if (arg instanceof MlsMessage message) {
                life.keys().left(message, actor.name());
            }
        }
    }

    private Object perform(ClientId client, Method method, Object[] args) throws DeliveryException, IOException {
        try {
            Object result = method.invoke(life.service().session(client), args);
            if (result instanceof Appended appended && !appended.repeated()) {
                taken(client, method.getName(), args, appended);
            }
            return result;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof DeliveryException answer) {
                throw answer;
            }
            if (e.getCause() instanceof IOException none) {
                throw none;
            }
            throw new Violation("the service fails", e.getCause());
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("unchecked")
    private void taken(ClientId client, String name, Object[] args, Appended appended) {
        Bytes message =
                Bytes.wrap((args[1] instanceof CommitBundle bundle ? bundle.commit() : (MlsMessage) args[1]).encoded());
        if (!taken.add(message)) {
            throw new Violation("a message of " + client + " is in the log twice");
        }
        if (name.equals("createGroup")) {
            life.groups().created(client, (MlsMessage) args[1], (Optional<Bytes>) args[2], (GroupSettings) args[3]);
        } else if (name.equals("commit")) {
            life.groups().committed((CommitBundle) args[1], appended);
        } else if (MessageFacts.kind((MlsMessage) args[1]) == EntryKind.PROPOSAL) {
            life.groups().proposed((MlsMessage) args[1]);
        }
    }
}
