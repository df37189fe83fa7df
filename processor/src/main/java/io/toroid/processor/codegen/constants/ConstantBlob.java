package io.toroid.processor.codegen.constants;

import io.toroid.op.ReducedFloats;
import io.toroid.op.TensorData;
import io.toroid.runtime.ConstantInfo;
import io.toroid.runtime.weights.WeightSource;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The constants that runs read, as one block of bytes, each at its row's offset. A loaded model maps it as it is.
 *
 * <p>It ends with the SHA-256 of all before. Nobody compares it with that at each load, which would read all of it; but
 * blobs of the same length that differ anywhere differ at their end too, where looking costs nothing.
 */
public final class ConstantBlob {

    /** What stands at its end: the hash, and zeros. */
    static final long IDENTITY_BYTES = 64;

    private ConstantBlob() {
    }

    /** Reads weights from their source; literals and prepared constants are in the table. */
    public static byte[] of(ConstantTable table, WeightSource weights) {
        byte[] blob = new byte[Math.toIntExact(table.blobBytes())];
        MemorySegment target = MemorySegment.ofArray(blob);
        for (ConstantSlot slot : table.slots()) {
            if (slot.offset() >= 0) {
                MemorySegment.copy(bytes(slot, table, weights), 0, target, slot.offset(), slot.bytes());
            }
        }
        if (blob.length > 0) {
            int end = blob.length - (int) IDENTITY_BYTES;
            byte[] identity = sha256(blob, end);
            System.arraycopy(identity, 0, blob, end, identity.length);
        }
        return blob;
    }

    static MemorySegment bytes(ConstantSlot slot, ConstantTable table, WeightSource weights) {
        return switch (slot.kind()) {
            case TENSOR -> bytes(table.literalData().get(slot.name()));
            case FOLDED -> slot.prepared().orElseThrow();
            case PARAMETER, BUFFER, UNKNOWN -> weights.get(slot.name()).data();
        };
    }

    /** Values in little-endian order. */
    static MemorySegment bytes(TensorData data) {
        MemorySegment target = MemorySegment.ofArray(new byte[data.count() * data.dtype().bytes()]);
        for (int i = 0; i < data.count(); i++) {
            switch (data.dtype()) {
                case F32 -> target.set(little(ValueLayout.JAVA_FLOAT_UNALIGNED), 4L * i, data.floats()[i]);
                case F64 -> target.set(little(ValueLayout.JAVA_DOUBLE_UNALIGNED), 8L * i, data.doubles()[i]);
                case I64 -> target.set(little(ValueLayout.JAVA_LONG_UNALIGNED), 8L * i, data.longs()[i]);
                case I32 -> target.set(little(ValueLayout.JAVA_INT_UNALIGNED), 4L * i, data.ints()[i]);
                case I16 -> target.set(little(ValueLayout.JAVA_SHORT_UNALIGNED), 2L * i, data.shorts()[i]);
                case F16, BF16 -> target.set(little(ValueLayout.JAVA_SHORT_UNALIGNED), 2L * i,
                        ReducedFloats.bits(data.dtype(), data.floats()[i]));
                case I8, U8 -> target.set(ValueLayout.JAVA_BYTE, i, data.bytes()[i]);
                case BOOL -> target.set(ValueLayout.JAVA_BYTE, i, (byte) (data.booleans()[i] ? 1 : 0));
            }
        }
        return target;
    }

    private static byte[] sha256(byte[] bytes, int end) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes, 0, end);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static ValueLayout.OfFloat little(ValueLayout.OfFloat layout) {
        return layout.withOrder(ByteOrder.LITTLE_ENDIAN);
    }

    private static ValueLayout.OfDouble little(ValueLayout.OfDouble layout) {
        return layout.withOrder(ByteOrder.LITTLE_ENDIAN);
    }

    private static ValueLayout.OfLong little(ValueLayout.OfLong layout) {
        return layout.withOrder(ByteOrder.LITTLE_ENDIAN);
    }

    private static ValueLayout.OfShort little(ValueLayout.OfShort layout) {
        return layout.withOrder(ByteOrder.LITTLE_ENDIAN);
    }

    private static ValueLayout.OfInt little(ValueLayout.OfInt layout) {
        return layout.withOrder(ByteOrder.LITTLE_ENDIAN);
    }
}
