package io.toroid.processor.weights;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.toroid.DType;
import io.toroid.runtime.weights.WeightFormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads one {@code TensorProto}: its fields come in any order, repeated numbers packed or one by one. */
final class OnnxTensorReader {

    private static final int DIMS = 1;
    private static final int DATA_TYPE = 2;
    private static final int NAME = 8;
    private static final int RAW_DATA = 9;
    private static final int EXTERNAL_DATA = 13;
    private static final int DATA_LOCATION = 14;

    /** The fields that hold elements as numbers, as far as they are read. */
    private enum Typed {
        FLOAT_DATA(4, WireFormat.WIRETYPE_FIXED32, 4),
        INT32_DATA(5, WireFormat.WIRETYPE_VARINT, 4),
        INT64_DATA(7, WireFormat.WIRETYPE_VARINT, 8),
        DOUBLE_DATA(10, WireFormat.WIRETYPE_FIXED64, 8);

        private final int number;
        private final int wireType;
        private final int bytes;

        Typed(int number, int wireType, int bytes) {
            this.number = number;
            this.wireType = wireType;
            this.bytes = bytes;
        }

        private String title() {
            return name().toLowerCase(Locale.ROOT);
        }

        private static Optional<Typed> of(int number) {
            return Arrays.stream(values()).filter(field -> field.number == number).findFirst();
        }

        private static Typed of(DType dtype) {
            return switch (dtype) {
                case F32 -> FLOAT_DATA;
                case F64 -> DOUBLE_DATA;
                case I64 -> INT64_DATA;
                case I32, I16, I8, U8, F16, BF16, BOOL -> INT32_DATA;
            };
        }
    }

    private final String file;
    private final String path;
    private final CodedInputStream input;
    private final List<Long> dims = new ArrayList<>();
    private final Map<Typed, ByteArrayOutputStream> numbers = new EnumMap<>(Typed.class);
    private Optional<OnnxTensor.Elements.Raw> raw = Optional.empty();
    private String name = "";
    private String field = "";
    private int dataType;

    /** @param path where in the model it stands */
    OnnxTensorReader(String file, String path, CodedInputStream input) {
        this.file = file;
        this.path = path;
        this.input = input;
    }

    OnnxTensor read() throws IOException {
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            readField(tag);
        }
        field = "";
        OnnxReader.requireEnd(file, place(), input);
        if (name.isEmpty()) {
            throw wrong("name", "is missing");
        }
        OnnxTensor tensor = new OnnxTensor(name, dataType, dims.stream().mapToLong(Long::longValue).toArray(), elements());
        tensor.dtype().ifPresent(dtype -> checkCount(tensor, dtype));
        return tensor;
    }

    /** The field being read, for messages. */
    String place() {
        String tensor = name.isEmpty() ? path : "%s ('%s')".formatted(path, name);
        return field.isEmpty() ? tensor : "%s of %s".formatted(field, tensor);
    }

    private void readField(int tag) throws IOException {
        int number = WireFormat.getTagFieldNumber(tag);
        switch (number) {
            case DIMS -> {
                begin("dims");
                repeated(tag, WireFormat.WIRETYPE_VARINT, () -> dims.add(input.readRawVarint64()));
            }
            case DATA_TYPE -> {
                begin("data_type", tag, WireFormat.WIRETYPE_VARINT);
                dataType = input.readRawVarint32();
            }
            case NAME -> {
                begin("name", tag, WireFormat.WIRETYPE_LENGTH_DELIMITED);
                name = new String(input.readByteArray(), StandardCharsets.UTF_8);
            }
            case RAW_DATA -> {
                begin("raw_data", tag, WireFormat.WIRETYPE_LENGTH_DELIMITED);
                int bytes = input.readRawVarint32();
                raw = Optional.of(new OnnxTensor.Elements.Raw(input.getTotalBytesRead(), bytes));
                input.skipRawBytes(bytes);
            }
            case EXTERNAL_DATA -> refuseExternal("external_data");
            case DATA_LOCATION -> {
                begin("data_location", tag, WireFormat.WIRETYPE_VARINT);
                if (input.readRawVarint32() != 0) {
                    refuseExternal("data_location");
                }
            }
            default -> readNumbers(number, tag);
        }
    }

    private void readNumbers(int number, int tag) throws IOException {
        Optional<Typed> typed = Typed.of(number);
        if (typed.isEmpty()) {
            input.skipField(tag);
            return;
        }
        Typed values = typed.get();
        begin(values.title());
        ByteArrayOutputStream bytes = numbers.computeIfAbsent(values, _ -> new ByteArrayOutputStream());
        repeated(tag, values.wireType, () -> bytes.writeBytes(next(values)));
    }

    private byte[] next(Typed values) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(values.bytes).order(ByteOrder.LITTLE_ENDIAN);
        return switch (values) {
            case FLOAT_DATA -> bytes.putInt(input.readRawLittleEndian32()).array();
            case INT32_DATA -> bytes.putInt((int) input.readRawVarint64()).array();
            case INT64_DATA -> bytes.putLong(input.readRawVarint64()).array();
            case DOUBLE_DATA -> bytes.putLong(input.readRawLittleEndian64()).array();
        };
    }

    private interface Value {
        void read() throws IOException;
    }

    private void repeated(int tag, int wireType, Value value) throws IOException {
        if (WireFormat.getTagWireType(tag) == wireType) {
            value.read();
            return;
        }
        begin(field, tag, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        int limit = input.pushLimit(input.readRawVarint32());
        while (input.getBytesUntilLimit() > 0) {
            value.read();
        }
        input.popLimit(limit);
    }

    private void begin(String name) {
        field = name;
    }

    private void begin(String name, int tag, int wireType) {
        begin(name);
        if (WireFormat.getTagWireType(tag) != wireType) {
            throw wrong(name, "has the wire type %d instead of %d".formatted(WireFormat.getTagWireType(tag), wireType));
        }
    }

    private OnnxTensor.Elements elements() {
        if (raw.isPresent()) {
            return raw.get();
        }
        Optional<DType> dtype = OnnxTensor.dtype(dataType);
        byte[] content = dtype.map(type -> numbers.get(Typed.of(type)))
                .map(ByteArrayOutputStream::toByteArray)
                .orElse(new byte[0]);
        boolean isNarrow = dtype.isPresent() && Typed.of(dtype.get()) == Typed.INT32_DATA;
        return new OnnxTensor.Elements.Typed(isNarrow ? lowest(content, dtype.get().bytes()) : content);
    }

    /** Of each four bytes the lowest: so int32_data holds the elements, or the bits, of narrower types. */
    private static byte[] lowest(byte[] content, int bytes) {
        byte[] values = new byte[content.length / Integer.BYTES * bytes];
        for (int i = 0; i < values.length; i++) {
            values[i] = content[i / bytes * Integer.BYTES + i % bytes];
        }
        return values;
    }

    private void checkCount(OnnxTensor tensor, DType dtype) {
        long needed = dtype.bytes();
        for (long size : tensor.dims()) {
            if (size < 0) {
                throw wrong("dims", "has the size %d".formatted(size));
            }
            try {
                needed = Math.multiplyExact(needed, size);
            } catch (ArithmeticException _) {
                throw wrong("dims", "are too large: " + dims);
            }
        }
        long bytes = tensor.elements().bytes();
        if (bytes == needed) {
            return;
        }
        if (raw.isPresent()) {
            throw wrong("raw_data", "has %d bytes, and its dims %s need %d".formatted(bytes, dims, needed));
        }
        throw wrong(Typed.of(dtype).title(), "has %d elements, and its dims %s need %d".formatted(
                bytes / dtype.bytes(), dims, needed / dtype.bytes()));
    }

    private void refuseExternal(String name) {
        throw wrong(name, "says that its values are in another file, which is not read; save the model with its weights inside");
    }

    private WeightFormatException wrong(String name, String what) {
        field = "";
        return new WeightFormatException("%s: %s of %s %s".formatted(file, name, place(), what));
    }
}
