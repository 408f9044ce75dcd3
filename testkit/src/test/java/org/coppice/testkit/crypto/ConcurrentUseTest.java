package org.coppice.testkit.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.coppice.mls.crypto.Aead;
import org.coppice.mls.crypto.AeadAlgorithm;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CompositeCryptoProvider;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.DiffieHellman;
import org.coppice.mls.crypto.Hash;
import org.coppice.mls.crypto.HashAlgorithm;
import org.coppice.mls.crypto.NamedCurve;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.crypto.SignatureAlgorithm;
import org.coppice.mls.crypto.SignatureScheme;
import org.junit.jupiter.api.Test;

/** Many threads share implementations and handles, and get the same answers as one. */
class ConcurrentUseTest {
    private static final int THREADS = 8;

    /** What one thread does over and over; it throws if an answer is wrong. */
    private interface Job {
        void run(Random random) throws Exception;
    }

    @Test
    void primitivesGiveTheSameAnswersInManyThreads() throws Exception {
        List<Job> jobs = new ArrayList<>();
        Samples.implementations(HashAlgorithm.values(), p -> p::hash).forEach(i -> jobs.add(job(i.value())));
        Samples.implementations(AeadAlgorithm.values(), p -> p::aead).forEach(i -> jobs.add(job(i.value())));
        for (var i : Samples.implementations(NamedCurve.values(), p -> p::diffieHellman)) {
            jobs.add(job(i.value()));
        }
        for (var i : Samples.implementations(SignatureAlgorithm.values(), p -> p::signatures)) {
            jobs.add(job(i.value()));
        }
        inThreads(thread -> {
            Random random = new Random(thread);
            for (int i = 0; i < 3; i++) {
                for (Job job : jobs) {
                    job.run(random);
                }
            }
            return null;
        });
    }

    private static Job job(Hash hash) {
        byte[] input = new byte[100];
        byte[] digest = hash.hash(input);
        byte[] mac = hash.hmac(input, input);
        return random -> {
            for (int i = 0; i < 100; i++) {
                hash.hash(Samples.bytes(random, 10));
                assertThat(hash.hash(input)).isEqualTo(digest);
                assertThat(hash.hmac(input, input)).isEqualTo(mac);
            }
        };
    }

    private static Job job(Aead aead) {
        return random -> {
            for (int i = 0; i < 100; i++) {
                byte[] key = Samples.bytes(random, aead.keyLength());
                byte[] nonce = Samples.bytes(random, aead.nonceLength());
                byte[] plaintext = Samples.bytes(random, 50);
                byte[] sealed = aead.seal(key, nonce, nonce, plaintext);
                assertThat(aead.open(key, nonce, nonce, sealed)).isEqualTo(plaintext);
            }
        };
    }

    private static Job job(DiffieHellman dh) throws Exception {
        RawKeyPair a = dh.generate();
        RawKeyPair b = dh.generate();
        byte[] secret = dh.agree(a.privateKey(), a.publicKey(), b.publicKey());
        return random -> {
            assertThat(dh.agree(b.privateKey(), b.publicKey(), a.publicKey())).isEqualTo(secret);
            assertThat(dh.publicKey(a.privateKey())).isEqualTo(a.publicKey());
            RawKeyPair fresh = dh.generate();
            assertThat(dh.publicKey(fresh.privateKey())).isEqualTo(fresh.publicKey());
        };
    }

    private static Job job(SignatureScheme scheme) throws Exception {
        Randomness system = Randomness.system();
        RawKeyPair pair = scheme.generate(system);
        SignatureScheme.SigningKey signing = scheme.loadPrivate(pair.privateKey(), pair.publicKey());
        SignatureScheme.VerifyingKey verifying = scheme.loadPublic(pair.publicKey());
        return random -> {
            byte[] message = Samples.bytes(random, 70);
            byte[] signature = signing.sign(message, system);
            assertThat(verifying.verify(message, signature)).isTrue();
            assertThat(verifying.verify(Samples.flip(message, 5), signature)).isFalse();
        };
    }

    @Test
    void aCompositeLoadsEachPrimitiveOnceForAllThreads() throws Exception {
        CompositeCryptoProvider best = CryptoProviders.best();
        List<Object> aeads =
                inThreads(thread -> best.aead(AeadAlgorithm.AES_128_GCM).orElseThrow());
        assertThat(aeads).allMatch(aead -> aead == aeads.get(0));
        inThreads(thread -> best.suite(CipherSuite.STANDARD.get(thread % CipherSuite.STANDARD.size()))
                .orElseThrow());
    }

    private interface Task {
        Object run(int thread) throws Exception;
    }

    private static List<Object> inThreads(Task task) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Object>> calls = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                calls.add(() -> task.run(thread));
            }
            List<Object> out = new ArrayList<>();
            for (Future<Object> future : executor.invokeAll(calls)) {
                out.add(future.get());
            }
            return out;
        } finally {
            executor.shutdown();
        }
    }
}
