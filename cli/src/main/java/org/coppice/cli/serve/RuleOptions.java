package org.coppice.cli.serve;

import java.time.Duration;
import org.coppice.delivery.DeliveryConfig;
import org.coppice.delivery.account.AccountConfig;
import org.coppice.delivery.account.RegistrationPolicy;
import org.coppice.delivery.http.Limits;
import org.coppice.delivery.limit.RateLimits;
import org.coppice.delivery.limit.SizeLimits;
import org.coppice.delivery.retention.Keeping;
import org.coppice.delivery.server.ServerConfig;
import picocli.CommandLine.Option;

/** Who may do how much, and how long things are kept. */
final class RuleOptions {
    @Option(
            names = "--registration",
            paramLabel = "WHO",
            defaultValue = "open",
            converter = PolicyConverter.class,
            description =
                    "open: a name belongs to who registers it first; x509-only: who has a certificate; closed: nobody new "
                            + "(default: open)")
    private RegistrationPolicy registration;

    @Option(
            names = "--token-hours",
            paramLabel = "N",
            defaultValue = "24",
            description = "how long a login lasts (default: 24)")
    private int tokenHours;

    @Option(
            names = "--log-days",
            paramLabel = "N",
            defaultValue = "30",
            description = "how long messages are kept for those who are away (default: 30)")
    private int logDays;

    @Option(
            names = "--log-entries",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "how many entries of a conversation are kept at most (default: 1000000)")
    private long logEntries;

    @Option(
            names = "--welcome-days",
            paramLabel = "N",
            defaultValue = "30",
            description = "how long an invitation waits (default: 30)")
    private int welcomeDays;

    @Option(
            names = "--max-message",
            paramLabel = "BYTES",
            defaultValue = "1048576",
            description = "largest message (default: 1048576)")
    private int maxMessage;

    @Option(
            names = "--max-commit",
            paramLabel = "BYTES",
            defaultValue = "16777216",
            description = "largest commit with its Welcome (default: 16777216)")
    private int maxCommit;

    @Option(
            names = "--client-rate",
            paramLabel = "N",
            defaultValue = "200",
            description = "requests of one client in a second, ten times as many at once (default: 200)")
    private long clientRate;

    @Option(
            names = "--group-rate",
            paramLabel = "N",
            defaultValue = "500",
            description = "entries of one conversation in a second, ten times as many at once (default: 500)")
    private long groupRate;

    @Option(
            names = "--login-rate",
            paramLabel = "N",
            defaultValue = "20",
            description = "logins from one address in a second, ten times as many at once (default: 20)")
    private long loginRate;

    @Option(
            names = "--claim-rate",
            paramLabel = "N",
            defaultValue = "10",
            description = "key packages that one client claims in a second, ten times as many at once (default: 10)")
    private long claimRate;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            defaultValue = "20000",
            description = "open connections (default: 20000)")
    private int maxConnections;

    @Option(
            names = "--max-streams",
            paramLabel = "N",
            defaultValue = "15000",
            description = "open streams of events (default: 15000)")
    private int maxStreams;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "128",
            description = "requests worked on at once (default: 128)")
    private int threads;

    @Option(
            names = "--drain-delay",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description =
                    "when told to stop, go on so long but say \"not ready\", for a load balancer to notice (default: 0)")
    private int drainDelay;

    @Option(
            names = "--drain-timeout",
            paramLabel = "SECONDS",
            defaultValue = "20",
            description = "then wait so long for requests to end (default: 20)")
    private int drainTimeout;

    ServerConfig apply(ServerConfig config) {
        SizeLimits sizes = SizeLimits.DEFAULT;
        Limits limits = Limits.DEFAULT;
        AccountConfig accounts = config.delivery().accounts();
        Keeping keeping = Keeping.DEFAULT;
        DeliveryConfig delivery = config.delivery()
                .withAccounts(new AccountConfig(
                        registration,
                        accounts.audiences(),
                        accounts.authority(),
                        accounts.challengeLifetime(),
                        Duration.ofHours(tokenHours)))
                .withKeeping(new Keeping(
                        Duration.ofDays(logDays),
                        logEntries,
                        keeping.epochs(),
                        keeping.lateEpochs(),
                        Duration.ofDays(welcomeDays),
                        keeping.answers()))
                .withRates(new RateLimits(
                        rate(clientRate),
                        rate(claimRate),
                        RateLimits.DEFAULT.claimsOfUser(),
                        rate(groupRate),
                        rate(loginRate)))
                .withSizes(new SizeLimits(
                        maxMessage,
                        maxCommit,
                        sizes.tree(),
                        sizes.keyPackage(),
                        sizes.keyPackages(),
                        sizes.groupId(),
                        sizes.inbox(),
                        sizes.pageEntries(),
                        sizes.pageBytes(),
                        sizes.longestWait()));
        return config.withDelivery(delivery)
                .withLimits(new Limits(
                        limits.maxHeaderBytes(),
                        limits.maxOpenBytes(),
                        limits.maxJsonBytes(),
                        maxMessage,
                        // A bundle has a Commit and a Welcome, each of the size that the service takes.
                        Math.multiplyExact(2, maxCommit),
                        limits.maxGroupBytes(),
                        limits.maxBodiesBytes(),
                        maxConnections,
                        maxStreams,
                        limits.maxStreamsPerClient(),
                        limits.maxPolls(),
                        limits.headerTimeout(),
                        limits.idleTimeout(),
                        limits.transferGrace(),
                        limits.minBytesPerSecond(),
                        limits.maxTransfer(),
                        limits.maxWait(),
                        limits.heartbeat()))
                .withMaxThreads(threads)
                .withDrain(Duration.ofSeconds(drainDelay), Duration.ofSeconds(drainTimeout));
    }

    private static RateLimits.Rate rate(long perSecond) {
        return new RateLimits.Rate(perSecond, Math.multiplyExact(10, perSecond));
    }

    /** Reads the words of {@code --registration}. */
    static final class PolicyConverter implements picocli.CommandLine.ITypeConverter<RegistrationPolicy> {
        @Override
        public RegistrationPolicy convert(String value) {
            return switch (value) {
                case "open" -> RegistrationPolicy.OPEN;
                case "x509-only" -> RegistrationPolicy.X509_ONLY;
                case "closed" -> RegistrationPolicy.CLOSED;
                default ->
                    throw new picocli.CommandLine.TypeConversionException(
                            "expected one of open, x509-only, closed, not " + value);
            };
        }
    }
}
