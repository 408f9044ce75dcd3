package org.coppice.interop.runner;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.coppice.interop.wire.ProposalDescription;

/**
 * Which calls a server was asked for, and with what: the name of each call, {@code Call.field} for each field that was set, with
 * {@code =true} or {@code =false} for a flag, and {@code Call(type)} for each type of proposal that was described in words.
 */
final class RecordedCalls implements ServerInterceptor {
    private final Set<String> seen = new TreeSet<>();

    Set<String> seen() {
        return seen;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String name = call.getMethodDescriptor().getBareMethodName();
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            @Override
            public void onMessage(Q request) {
                record(name, (Message) request);
                super.onMessage(request);
            }
        };
    }

    private void record(String call, Message request) {
        seen.add(call);
        for (FieldDescriptor field : request.getDescriptorForType().getFields()) {
            Object value = request.getField(field);
            if (field.getJavaType() == JavaType.BOOLEAN) {
                seen.add(call + "." + field.getName() + "=" + value);
            } else if (request.getAllFields().containsKey(field)) {
                seen.add(call + "." + field.getName());
                Collection<?> values = field.isRepeated() ? (Collection<?>) value : List.of(value);
                for (Object one : values) {
                    if (one instanceof ProposalDescription proposal) {
                        seen.add(call + "(" + proposal.getProposalType().toStringUtf8() + ")");
                    }
                }
            }
        }
    }
}
