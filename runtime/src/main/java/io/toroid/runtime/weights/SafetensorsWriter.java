package io.toroid.runtime.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.toroid.DType;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Writes safetensors files, for tools and tests. The data begin at a multiple of 64 bytes, so that a mapped file can be used in place. */
public final class SafetensorsWriter {
    private static final int ALIGNMENT = 64;

    private SafetensorsWriter() {}

    /** Writes tensors in the given order. */
    public static void write(Path file, List<WeightTensor> tensors) throws IOException {
        StringBuilder header = new StringBuilder("{");
        long offset = 0;
        for (WeightTensor tensor : tensors) {
            long end = offset + tensor.data().byteSize();
            header.append(header.length() > 1 ? "," : "").append(quoted(tensor.name()))
                    .append(":{\"dtype\":\"").append(name(tensor.dtype()))
                    .append("\",\"shape\":").append(Arrays.toString(tensor.shape()))
                    .append(",\"data_offsets\":[").append(offset).append(',').append(end).append("]}");
            offset = end;
        }
        header.append('}');
        int unpadded = header.toString().getBytes(StandardCharsets.UTF_8).length;
        header.repeat(' ', Math.floorMod(-(8 + unpadded), ALIGNMENT));
        byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).array());
            out.write(text);
            for (WeightTensor tensor : tensors) {
                out.write(tensor.data().toArray(JAVA_BYTE));
            }
        }
    }

    private static String name(DType dtype) {
        return switch (dtype) {
            case F32 -> "F32";
            case F64 -> "F64";
            case I64 -> "I64";
            case I32 -> "I32";
            case I16 -> "I16";
            case I8 -> "I8";
            case U8 -> "U8";
            case F16 -> "F16";
            case BF16 -> "BF16";
            case BOOL -> "BOOL";
        };
    }

    private static String quoted(String text) {
        StringBuilder result = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                result.append('\\').append((char) c);
            } else if (c < ' ') {
                result.append("\\u%04x".formatted(c));
            } else {
                result.append((char) c);
            }
        });
        return result.append('"').toString();
    }
}
