package io.toroid.processor.codegen.constants;

import io.toroid.op.ReducedFloats;
import io.toroid.op.TensorData;
import io.toroid.runtime.ConstantInfo;
import io.toroid.runtime.weights.WeightSource;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The values of the stored constants as one block of bytes, each at its row's offset. */
public final class ConstantBlob {

    private ConstantBlob() {
    }

    /** Reads weights from their source; literals are in the table. */
    public static byte[] of(ConstantTable table, WeightSource weights) {
        byte[] blob = new byte[Math.toIntExact(table.blobBytes())];
        MemorySegment target = MemorySegment.ofArray(blob);
        for (ConstantSlot slot : table.stored()) {
            if (slot.kind() == ConstantInfo.Kind.TENSOR) {
                write(table.literalData().get(slot.name()), target.asSlice(slot.offset(), slot.bytes()));
            } else {
                MemorySegment.copy(weights.get(slot.name()).data(), 0, target, slot.offset(), slot.bytes());
            }
        }
        return blob;
    }

    private static void write(TensorData data, MemorySegment target) {
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
