package org.coppice.delivery;

import org.coppice.delivery.account.Accounts;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.group.CommitAppender;
import org.coppice.delivery.group.GroupCreator;
import org.coppice.delivery.group.GroupReader;
import org.coppice.delivery.group.LogReader;
import org.coppice.delivery.group.MessageAppender;
import org.coppice.delivery.group.Mirrors;
import org.coppice.delivery.group.Parts;
import org.coppice.delivery.group.Reports;
import org.coppice.delivery.hint.HintHub;
import org.coppice.delivery.inbox.Inbox;
import org.coppice.delivery.keypackage.KeyPackages;
import org.coppice.delivery.limit.RateLimiter;
import org.coppice.delivery.limit.SizeLimits;
import org.coppice.delivery.request.Requests;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.environment.Environment;

/** What the sessions of one node share. */
record Workshop(
        Engine engine,
        Accounts accounts,
        Requests requests,
        KeyPackages keyPackages,
        Inbox inbox,
        HintHub hub,
        Groups groups,
        Limits limits) {
    /** Everything about groups. */
    record Groups(
            GroupCreator creator,
            CommitAppender commits,
            MessageAppender messages,
            LogReader log,
            GroupReader reader,
            Reports reports) {}

    /** Who claims of whom. */
    record Claimed(ClientId by, UserName of) {}

    /** Who may ask how much. */
    record Limits(
            SizeLimits sizes,
            RateLimiter<ClientId> requests,
            RateLimiter<ClientId> claims,
            RateLimiter<Claimed> claimsOfUser,
            RateLimiter<Bytes> groupAppends) {}

    static Workshop of(Engine engine, Environment environment, Accounts accounts, HintHub hub, DeliveryConfig config) {
        SizeLimits sizes = config.sizes();
        Requests requests = new Requests(engine, environment.clock());
        LogReader log = new LogReader(engine, sizes);
        Inbox inbox = new Inbox(engine, sizes);
        Parts parts = new Parts(
                engine,
                environment,
                requests,
                hub,
                inbox,
                sizes,
                config.keeping().epochs(),
                config.keeping().lateEpochs());
        Mirrors mirrors = new Mirrors(engine, environment);
        return new Workshop(
                engine,
                accounts,
                requests,
                new KeyPackages(engine, environment, requests, sizes),
                inbox,
                hub,
                new Groups(
                        new GroupCreator(parts, mirrors),
                        new CommitAppender(parts, mirrors),
                        new MessageAppender(parts, mirrors),
                        log,
                        new GroupReader(parts),
                        new Reports(parts)),
                new Limits(
                        sizes,
                        new RateLimiter<>(config.rates().requests(), "requests"),
                        new RateLimiter<>(config.rates().claims(), "claims of key packages"),
                        new RateLimiter<>(config.rates().claimsOfUser(), "claims of key packages of this user"),
                        new RateLimiter<>(config.rates().groupAppends(), "messages to the group")));
    }
}
