package org.coppice.mls.credential;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.registry.CredentialType;

/** Combines validators (RFC 9420 §5.3.1). */
public final class CredentialValidators {
    private CredentialValidators() {}

    /**
     * A validator for groups with several types of credential, which asks the one in charge of each type: once per batch, with
     * all credentials of its type in their order. A type without a validator is refused with
     * {@link Rule#CREDENTIAL_REJECTED}, before any validator is asked.
     *
     * <p>Identities of different types are never equal, and a credential is no successor of one of another type. An
     * application in which clients move from one type to another wraps the result and overrides
     * {@link CredentialValidator#identity} and {@link CredentialValidator#isSuccessor}.
     *
     * <pre>{@code
     * CredentialValidator validator = CredentialValidators.byType(Map.of(
     *         CredentialType.BASIC, new DirectoryCredentialValidator(directory),
     *         CredentialType.X509, X509CredentialValidator.builder(clock).trust(root).build()));
     * }</pre>
     *
     * @param validators the validator in charge of each type; copied
     * @return as thread safe as they are
     */
    public static CredentialValidator byType(Map<CredentialType, CredentialValidator> validators) {
        return new ByType(Map.copyOf(validators));
    }

    private static final class ByType implements CredentialValidator {
        private final Map<CredentialType, CredentialValidator> validators;

        ByType(Map<CredentialType, CredentialValidator> validators) {
            this.validators = validators;
        }

        @Override
        public void validate(List<IdentityClaim> claims) throws ValidationException {
            Map<CredentialType, List<IdentityClaim>> sorted = new LinkedHashMap<>();
            for (IdentityClaim claim : claims) {
                CredentialType type = claim.credential().type();
                if (!validators.containsKey(type)) {
                    throw new ValidationException(Rule.CREDENTIAL_REJECTED, "no validator for type " + type);
                }
                sorted.computeIfAbsent(type, t -> new ArrayList<>()).add(claim);
            }
            for (Map.Entry<CredentialType, List<IdentityClaim>> batch : sorted.entrySet()) {
                validators.get(batch.getKey()).validate(List.copyOf(batch.getValue()));
            }
        }

        @Override
        public boolean isSuccessor(IdentityClaim previous, IdentityClaim next) {
            CredentialType type = previous.credential().type();
            CredentialValidator validator = validators.get(type);
            return validator != null && type.equals(next.credential().type()) && validator.isSuccessor(previous, next);
        }

        @Override
        public Bytes identity(IdentityClaim claim) {
            CredentialType type = claim.credential().type();
            CredentialValidator validator = validators.get(type);
            Bytes identity = validator != null
                    ? validator.identity(claim)
                    : Bytes.wrap(claim.credential().encoded());
            return new TlsWriter().struct(type).raw(identity).toBytes();
        }
    }
}
