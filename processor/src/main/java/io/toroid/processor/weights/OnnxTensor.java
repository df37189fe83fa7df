package io.toroid.processor.weights;

import io.toroid.DType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * A {@code TensorProto}, checked.
 *
 * @param dataType the number of its element type
 * @param elements where its elements stand
 */
record OnnxTensor(String name, int dataType, long[] dims, Elements elements) {

    /** Names of {@code TensorProto.DataType} by number. */
    private static final List<String> TYPES = List.of("UNDEFINED", "FLOAT", "UINT8", "INT8", "UINT16", "INT16", "INT32",
            "INT64", "STRING", "BOOL", "FLOAT16", "DOUBLE", "UINT32", "UINT64", "COMPLEX64", "COMPLEX128", "BFLOAT16",
            "FLOAT8E4M3FN", "FLOAT8E4M3FNUZ", "FLOAT8E5M2", "FLOAT8E5M2FNUZ", "UINT4", "INT4", "FLOAT4E2M1");

    /** Row-major and little-endian. */
    sealed interface Elements {

        long bytes();

        /** In {@code raw_data}, at a byte of the file. */
        record Raw(long offset, long bytes) implements Elements {
        }

        /** Of one of the typed fields. */
        record Typed(byte[] content) implements Elements {

            @Override
            public long bytes() {
                return content.length;
            }
        }
    }

    String typeName() {
        return typeName(dataType);
    }

    private static String typeName(int dataType) {
        return dataType >= 0 && dataType < TYPES.size() ? TYPES.get(dataType) : "the unknown type " + dataType;
    }

    Optional<DType> dtype() {
        return dtype(dataType);
    }

    static Optional<DType> dtype(int dataType) {
        return switch (typeName(dataType)) {
            case "FLOAT" -> Optional.of(DType.F32);
            case "DOUBLE" -> Optional.of(DType.F64);
            case "INT64" -> Optional.of(DType.I64);
            case "INT32" -> Optional.of(DType.I32);
            case "INT16" -> Optional.of(DType.I16);
            case "INT8" -> Optional.of(DType.I8);
            case "UINT8" -> Optional.of(DType.U8);
            case "FLOAT16" -> Optional.of(DType.F16);
            case "BFLOAT16" -> Optional.of(DType.BF16);
            case "BOOL" -> Optional.of(DType.BOOL);
            default -> Optional.empty();
        };
    }

    MemorySegment data(MemorySegment file) {
        return switch (elements) {
            case Elements.Raw(long offset, long bytes) -> file.asSlice(offset, bytes);
            case Elements.Typed(byte[] content) -> MemorySegment.ofArray(content).asReadOnly();
        };
    }
}
