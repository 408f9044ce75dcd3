package org.coppice.testkit.attack;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.environment.GroupPolicy;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.group.CommitBuilder;
import org.coppice.mls.group.ExternalJoin;
import org.coppice.mls.group.ExternalJoinRequest;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.GroupStatus;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.LeafUpdate;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.group.Successor;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ProposalRef;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.state.InMemoryStateStore;
import org.coppice.testkit.Scene;
import org.coppice.testkit.SeededRandomness;

/**
 * The life of a group as chance has it: messages that arrive soon, late or never, Commits of all kinds, members who come, leave,
 * come back and get new signature keys, subgroups, and a successor at the end; and at one moment somebody copies all that one member has
 * stored, its signature key and its unused key packages too. Everything follows from suite and seed.
 */
public final class Life {
    private static final int FEWEST = 2;
    private static final int MOST = 7;
    private static final Bytes PSK_ID = Bytes.wrap("kept apart".getBytes(StandardCharsets.UTF_8));

    private final SeededRandomness random;
    private final Scene scene;
    private final int theftAt;
    private final List<Scene.Actor> members = new ArrayList<>();
    private final List<Scene.Actor> removed = new ArrayList<>();
    private final Map<String, Stock> stocks = new HashMap<>();
    private final Map<String, Long> joined = new HashMap<>();
    private final Map<Long, GroupState> states = new HashMap<>();
    private final List<SentMessage> messages = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    /** Who made which Update, and when. */
    private final Map<ProposalRef, Map.Entry<String, Integer>> updates = new HashMap<>();
    /** Whose key package is which. */
    private final Map<KeyPackage, String> keyPackages = new HashMap<>();

    private final List<Offshoot> offshoots = new ArrayList<>();
    private final List<Witness> witnesses = new ArrayList<>();
    private final Withdrawn withdrawn = new Withdrawn();

    private Theft theft;
    /** Has two signature keys for now, of which a thief would not need both. */
    private Scene.Actor renewing;

    private int time;
    private int names;

    private Life(CipherSuite suite, CryptoProvider provider, long seed, int steps) throws MlsException {
        this.random = new SeededRandomness("suite " + suite.value() + ", seed " + seed);
        this.theftAt = random.below(steps);
        SeededRandomness ofClients = random.fork("clients");
        Bytes psk = Bytes.wrap(random.fork("psk").bytes(32));
        this.scene = Scene.empty(suite, builder -> settings(builder, provider, ofClients, psk));
        scene.withGroup(Extensions.EMPTY, "creator");
        enter(scene.actor("creator"));
        addMember();
        for (int i = 0; i < steps; i++) {
            step();
        }
        reinitialize();
    }

    private Environment.Builder settings(
            Environment.Builder builder, CryptoProvider provider, SeededRandomness randomOfClients, Bytes psk) {
        return builder.provider(provider)
                .randomness(randomOfClients)
                .validator(withdrawn)
                .psks(id -> id.equals(PSK_ID) ? Optional.of(Secret.wrap(psk.toByteArray())) : Optional.empty());
    }

    /**
     * Lives a life to its end.
     *
     * @param steps of how many things that happen it consists
     * @throws MlsException never, unless the library or this class is wrong
     */
    public static Life of(CipherSuite suite, CryptoProvider provider, long seed, int steps) throws MlsException {
        return new Life(suite, provider, seed, steps);
    }

    /** All application messages in the order they were sent. */
    public List<SentMessage> messages() {
        return List.copyOf(messages);
    }

    /** All Commits in order. */
    public List<Change> changes() {
        return List.copyOf(changes);
    }

    /** All subgroups and the successor. */
    public List<Offshoot> offshoots() {
        return List.copyOf(offshoots);
    }

    /** Members as they were at some moments since the theft. */
    public List<Witness> witnesses() {
        return List.copyOf(witnesses);
    }

    /** What members keep of past epochs, and how long. */
    GroupPolicy policy() {
        return members.get(0).client().environment().policy();
    }

    /** The theft. */
    public Theft theft() {
        return theft;
    }

    // ---- what happens

    private void step() throws MlsException {
        tick();
        switch (random.below(21)) {
            case 0, 1, 2, 3, 4, 5 -> send();
            case 6, 7, 8 -> deliverLate();
            case 9 -> proposeUpdate();
            case 10, 11 -> addMember();
            case 12 -> remove();
            case 13 -> joinExternally();
            case 14 -> resynchronize();
            case 15 -> commit(any(), builder -> builder.externalPsk(PSK_ID));
            case 16 -> resume();
            case 17 -> replaceSignatureKey();
            case 18 -> branch();
            default -> commit(any(), builder -> builder);
        }
    }

    /** Lets time pass; the theft may happen at any such moment. */
    private void tick() throws MlsException {
        if (time == theftAt) {
            steal();
        }
        time++;
    }

    private Scene.Actor any() {
        return members.get(random.below(members.size()));
    }

    private void enter(Scene.Actor actor) throws MlsException {
        if (!members.contains(actor)) {
            members.add(actor);
        }
        removed.remove(actor);
        stockOf(actor);
        GroupState state = actor.group().state();
        joined.put(actor.name(), state.epoch());
        states.put(state.epoch(), state);
    }

    private Stock stockOf(Scene.Actor actor) throws MlsException {
        Stock stock = stocks.get(actor.name());
        if (stock == null) {
            stock = new Stock(actor.client());
            stocks.put(actor.name(), stock);
        }
        return stock;
    }

    // ---- messages

    private void send() throws MlsException {
        Scene.Actor by = any();
        if (!by.group().pendingProposals().isEmpty()) {
            commit(by, builder -> builder); // RFC 9420 §12.4: proposals first
        }
        for (int i = 1 + random.below(3); i > 0; i--) {
            Bytes data = Bytes.wrap(random.bytes(1 + random.below(40)));
            MlsMessage message = Scene.wire(by.group().encrypt(data.toByteArray()));
            SentMessage sent = new SentMessage(time, by.group().epoch(), by.name(), message, data, Optional.empty());
            messages.add(sent);
            for (Scene.Actor actor : members) {
                if (actor != by && random.chance(50)) {
                    sent.deliver(actor.name(), actor.group());
                }
            }
        }
    }

    private void deliverLate() throws MlsException {
        for (SentMessage message : messages) {
            for (Scene.Actor actor : message.offshoot().isEmpty() ? members : List.<Scene.Actor>of()) {
                if (!actor.name().equals(message.sender()) && !message.wasReadBy(actor.name()) && random.chance(20)) {
                    message.deliver(actor.name(), actor.group());
                }
            }
        }
    }

    // ---- Commits

    private void proposeUpdate() throws MlsException {
        Scene.Actor by = any();
        MlsMessage message = Scene.wire(by.group().proposeUpdate());
        for (Scene.Actor actor : members) {
            if (actor != by) {
                Received.ProposalCached cached =
                        (Received.ProposalCached) actor.group().receive(message);
                updates.put(cached.ref(), Map.entry(by.name(), time));
            }
        }
    }

    private void commit(Scene.Actor by, UnaryOperator<CommitBuilder> content) throws MlsException {
        accept(by, content.apply(by.group().commit()).build());
    }

    private void accept(Scene.Actor by, StagedCommit staged) throws MlsException {
        int made = time;
        states.put(staged.nextState().epoch(), staged.nextState());
        tick(); // the Commit waits for the service's answer
        MlsMessage message = Scene.wire(staged.message());
        GroupState before = staged.base();
        Set<String> gone = follow(by, message);
        by.group().merge(staged);
        record(before, by, message, staged.welcome(), made, gone);
    }

    private Set<String> follow(Scene.Actor by, MlsMessage message) throws MlsException {
        Set<String> gone = new HashSet<>();
        for (Scene.Actor actor : List.copyOf(members)) {
            if (actor != by) {
                actor.group().merge(actor.group().stage(message));
                if (actor.group().status() == GroupStatus.REMOVED) {
                    members.remove(actor);
                    removed.add(actor);
                    gone.add(actor.name());
                }
            }
        }
        return gone;
    }

    private void record(
            GroupState before,
            Scene.Actor by,
            MlsMessage message,
            Optional<MlsMessage> welcome,
            int made,
            Set<String> gone) {
        Commit commit = ((Content.Commit) ((PublicMessage) message.body())
                        .authenticated()
                        .content()
                        .content())
                .commit();
        Map<String, Integer> renewed = new HashMap<>();
        Map<String, KeyPackage> added = new HashMap<>();
        for (Commit.ProposalOrRef entry : commit.proposals()) {
            if (entry instanceof Commit.ByReference reference && updates.containsKey(reference.ref())) {
                Map.Entry<String, Integer> update = updates.get(reference.ref());
                renewed.put(update.getKey(), update.getValue());
            } else if (entry instanceof Commit.ByValue value && value.proposal() instanceof Proposal.Add add) {
                added.put(keyPackages.get(add.keyPackage()), add.keyPackage());
            }
        }
        GroupState after = by.group().state();
        states.put(after.epoch(), after);
        Change change = new Change(
                PublicStep.of(before, after, commit),
                welcome.map(wire -> ((MlsMessage.Welcome) wire.body()).welcome()),
                by.name(),
                made,
                renewed,
                added,
                gone);
        changes.add(change);
        boolean isOfInterest = theft != null
                && (change.shutsOut(theft.victim(), theft.time()) || change.replacesLeafOf(theft.victim()));
        if (isOfInterest || random.chance(20)) {
            askWitness(by.name());
        }
    }

    /** Keeps what some member has stored, if there was a theft; not that of who has just begun something. */
    private void askWitness(String but) {
        if (theft != null) {
            Witness.among(settled(), List.of(theft.victim(), but), withdrawn).ifPresent(witnesses::add);
        }
    }

    private List<Scene.Actor> settled() {
        return members.stream().filter(actor -> actor != renewing).toList();
    }

    /** With the resumption_psk of an epoch that all members have been in. */
    private void resume() throws MlsException {
        Scene.Actor by = any();
        long present = by.group().epoch();
        long first = members.stream()
                .mapToLong(member -> joined.get(member.name()))
                .reduce(present - policy().resumptionPsks() + 1, Math::max);
        long epoch = first + random.below((int) (present - first + 1));
        commit(by, builder -> builder.resumptionPsk(by.group().groupId(), epoch));
    }

    private void replaceSignatureKey() throws MlsException {
        Scene.Actor by = victimOf(members).filter(victim -> random.chance(50)).orElseGet(this::any);
        MlsClient old = by.client();
        Signer signer = old.crypto().signer(old.crypto().generateSignatureKeyPair());
        renewing = by;
        commit(by, builder -> builder.leaf(LeafUpdate.KEY_ONLY.withSigner(signer)));
        renewing = null;
        by.become(MlsClient.of(old.environment(), old.crypto().suite(), old.credential(), signer));
        stocks.put(by.name(), new Stock(by.client()));
        withdrawn.add(old.signer().publicKey());
        askWitness(by.name());
    }

    private void addMember() throws MlsException {
        if (members.size() == MOST) {
            remove();
            return;
        }
        Scene.Actor by = any();
        Scene.Actor newcomer = comer();
        KeyPackageBundle bundle = stockOf(newcomer).take(random);
        keyPackages.put(bundle.keyPackage(), newcomer.name());
        CommitBuilder builder = by.group().commit().add(bundle.keyPackage());
        StagedCommit staged = (random.chance(50) ? builder.withoutReceived().withoutPath() : builder).build();
        MlsMessage welcome = staged.welcome().orElseThrow();
        accept(by, staged);
        newcomer.enter(newcomer.client().join(welcome, bundle));
        enter(newcomer);
    }

    /** Somebody new, or somebody who was removed, who may have replaced its key packages since. */
    private Scene.Actor comer() throws MlsException {
        if (removed.isEmpty() || random.chance(25)) {
            return scene.client("m" + names++);
        }
        Scene.Actor out = victimOf(removed).orElseGet(() -> removed.get(random.below(removed.size())));
        if (random.chance(50)) {
            stockOf(out).replace();
        }
        return out;
    }

    /** Who was robbed, if he is among these: what becomes of him is of most interest. */
    private Optional<Scene.Actor> victimOf(List<Scene.Actor> actors) {
        return actors.stream()
                .filter(actor -> theft != null && actor.name().equals(theft.victim()))
                .findFirst();
    }

    private void remove() throws MlsException {
        Scene.Actor by = any();
        Optional<Scene.Actor> victim = random.chance(50) ? victimOf(members) : Optional.empty();
        Scene.Actor who = victim.orElseGet(this::any);
        if (by == who || members.size() == FEWEST) {
            commit(by, builder -> builder);
        } else {
            commit(by, builder -> builder.withoutReceived().remove(who.group().ownLeaf()));
        }
    }

    private void joinExternally() throws MlsException {
        if (members.size() < MOST) {
            Scene.Actor newcomer = scene.client("m" + names++);
            enterExternally(newcomer, ExternalJoinRequest.of(any().group().groupInfo(true)));
        }
    }

    private void resynchronize() throws MlsException {
        Scene.Actor by = any();
        MlsMessage groupInfo = members.get(members.get(0) == by ? 1 : 0).group().groupInfo(true);
        enterExternally(
                by, ExternalJoinRequest.of(groupInfo).replacing(by.group().ownLeaf()));
    }

    private void enterExternally(Scene.Actor by, ExternalJoinRequest request) throws MlsException {
        GroupState before = any().group().state();
        ExternalJoin join = by.client().joinExternally(request);
        int made = time;
        MlsMessage message = Scene.wire(join.commit());
        Set<String> gone = follow(by, message);
        by.enter(join.group());
        record(before, by, message, Optional.empty(), made, gone);
        enter(by);
    }

    // ---- subgroups and the successor

    private void branch() throws MlsException {
        Scene.Actor by = any();
        Map<Scene.Actor, KeyPackageBundle> invited =
                invite(members.stream().filter(actor -> actor != by && random.chance(60)));
        if (!invited.isEmpty()) {
            Bytes groupId = Bytes.wrap(random.bytes(8));
            begin(by, by.group().branch(by.client(), groupId, OffshootLife.keyPackages(invited)), invited);
        }
    }

    private void reinitialize() throws MlsException {
        Scene.Actor by = any();
        Bytes groupId = Bytes.wrap(random.bytes(8));
        Proposal.ReInit reInit =
                new Proposal.ReInit(groupId, ProtocolVersion.MLS10, by.group().cipherSuite(), Extensions.EMPTY);
        commit(by, builder -> builder.withoutReceived().reInit(reInit));
        Scene.Actor creator = any();
        Map<Scene.Actor, KeyPackageBundle> invited = invite(members.stream().filter(actor -> actor != creator));
        begin(creator, creator.group().reinitialize(creator.client(), OffshootLife.keyPackages(invited)), invited);
    }

    private Map<Scene.Actor, KeyPackageBundle> invite(Stream<Scene.Actor> actors) throws MlsException {
        Map<Scene.Actor, KeyPackageBundle> out = new LinkedHashMap<>();
        for (Scene.Actor actor : actors.toList()) {
            out.put(actor, stockOf(actor).take(random));
        }
        return out;
    }

    private void begin(Scene.Actor creator, Successor successor, Map<Scene.Actor, KeyPackageBundle> invited)
            throws MlsException {
        OffshootLife life = OffshootLife.begin(creator, successor, invited, time);
        messages.addAll(life.talk(random));
        offshoots.add(life.offshoot());
    }

    // ---- the theft

    private void steal() throws MlsException {
        Scene.Actor victim = settled().get(random.below(settled().size()));
        Attacker attacker = new Attacker(victim.client().crypto());
        Bytes groupId = victim.group().groupId();
        InMemoryStateStore store = victim.store();
        attacker.steal(groupId, store.load(groupId), states);
        for (Offshoot offshoot : offshoots) {
            Bytes id = offshoot.state().groupId();
            attacker.steal(id, store.load(id), Map.of(0L, offshoot.base(), 1L, offshoot.state()));
        }
        Set<KeyPackage> stolen = new HashSet<>();
        for (KeyPackageBundle bundle : stockOf(victim).bundles()) {
            attacker.steal(bundle);
            stolen.add(bundle.keyPackage());
        }
        // A Commit that waits holds the secrets of the epoch to which it leads: the attacker merges a copy of it.
        for (int i = 0; i < victim.group().pendingCommits().size(); i++) {
            InMemoryStateStore copy = store.copy();
            Group group = Witness.of(victim, withdrawn).open(copy, withdrawn);
            group.merge(group.pendingCommits().get(i));
            attacker.steal(groupId, copy.load(groupId), states);
        }
        Set<SentMessage> read = new HashSet<>();
        messages.stream().filter(message -> message.wasReadBy(victim.name())).forEach(read::add);
        theft = new Theft(
                victim.name(),
                time,
                victim.group().epoch(),
                joined.get(victim.name()),
                Set.copyOf(read),
                Set.copyOf(stolen),
                victim.client(),
                victim.group().ownLeaf(),
                attacker);
        askWitness(victim.name());
    }
}
