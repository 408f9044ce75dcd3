package org.coppice.cookbook

import java.io.PrintStream
import java.nio.file.Path
import org.coppice.cookbook.Kitchen.client
import org.coppice.cookbook.Kitchen.environment
import org.coppice.mls.error.MlsException
import org.coppice.mls.error.StaleEpochException
import org.coppice.mls.error.ValidationException
import org.coppice.mls.framing.MlsMessage
import org.coppice.mls.group.Group
import org.coppice.mls.group.Received

/** The API from Kotlin. */
internal object InKotlin {
    // begin take
    /** What a message is; the compiler sees that no case is forgotten. */
    fun take(group: Group, bytes: ByteArray): String =
        try {
            when (val received = group.receive(MlsMessage.decode(bytes))) {
                is Received.Application -> "says: " + String(received.data().toByteArray())
                is Received.ProposalCached -> "proposes: " + received.proposal().type()
                is Received.CommitStaged ->
                    received.commit().use { // closes it, if it was not merged
                        group.merge(it)
                        "a Commit, now epoch " + group.epoch()
                    }
                is Received.Own -> "my own"
            }
        } catch (e: StaleEpochException) {
            "too late, for epoch " + e.messageEpoch()
        } catch (e: ValidationException) {
            "refused: " + e.rule()
        } catch (e: MlsException) { // checked in Java; Kotlin does not remind you
            "no message: " + e.message
        }
    // end take

    @JvmStatic
    fun cook(out: PrintStream, @Suppress("UNUSED_PARAMETER") directory: Path) {
        // begin use
        val alices = client(environment().build(), "alice").createGroup()
        val bobs = Kitchen.join(alices, client(environment().build(), "bob"))
        val early = alices.encrypt("hello from Kotlin".toByteArray()).encoded()
        out.println(take(bobs, early))
        out.println(take(bobs, early))
        out.println(take(bobs, alices.commit().build().message().encoded()))
        out.println(take(bobs, byteArrayOf(0, 9)))
        // end use
    }
}
