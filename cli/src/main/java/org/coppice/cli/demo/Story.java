package org.coppice.cli.demo;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.MlsException;
import org.coppice.testkit.SeededRandomness;

/** A group's life from its first member to its end, in chapters. */
final class Story {
    static final Bytes GARDEN = Bytes.wrap("garden".getBytes(StandardCharsets.US_ASCII));

    private final Setting setting;
    private final World world;
    private final Registrar registrar = new Registrar();

    /**
     * What the story depends on.
     *
     * @param environment what all people share: primitives, time
     * @param randomness the system's, or a seeded one of which each person gets a part
     * @param suite the suite of the first group
     * @param members how many there are at first, at least 3
     * @param messages how many are sent in each conversation
     */
    record Setting(
            Environment.Builder environment, Randomness randomness, CipherSuite suite, int members, int messages) {}

    Story(Setting setting, World world) {
        this.setting = setting;
        this.world = world;
    }

    /** Tells the whole story. */
    void tell() throws MlsException {
        for (int i = 0; i < setting.members; i++) {
            world.people().add(person(Cast.member(i)));
        }
        Person outsider = person(Cast.OUTSIDER);
        Beginnings beginnings = new Beginnings(world, GARDEN, setting);
        beginnings.create();
        beginnings.addAsleep();
        beginnings.talk(outsider);
        beginnings.sleeper();

        Attacks attacks = new Attacks(world, GARDEN, setting);
        attacks.forwardSecrecy();
        attacks.healing();
        attacks.race();
        attacks.removal();

        Continuations continuations = new Continuations(world, GARDEN, setting, registrar);
        continuations.externalJoin(person(Cast.NEWCOMER));
        continuations.branch();
        continuations.reinitialization();
    }

    private Person person(String name) throws MlsException {
        Randomness own = setting.randomness instanceof SeededRandomness seeded ? seeded.fork(name) : setting.randomness;
        Environment environment =
                setting.environment.validator(registrar).randomness(own).build();
        return new Person(name, environment, world.delivery()).enroll(setting.suite, registrar);
    }

    /** People other than one. */
    static List<Person> except(List<Person> people, Person one) {
        return people.stream().filter(person -> person != one).toList();
    }
}
