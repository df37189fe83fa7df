package io.toroid.processor.weights;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A protocol buffer written field by field, well-formed or not. */
public final class ProtoBytes {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    public ProtoBytes varint(int field, long value) {
        return raw(field << 3).raw(value);
    }

    public ProtoBytes fixed32(int field, float value) {
        raw(field << 3 | 5);
        bytes.writeBytes(little(4).putFloat(value).array());
        return this;
    }

    public ProtoBytes fixed64(int field, double value) {
        raw(field << 3 | 1);
        bytes.writeBytes(little(8).putDouble(value).array());
        return this;
    }

    public ProtoBytes bytes(int field, byte... content) {
        raw(field << 3 | 2).raw(content.length);
        bytes.writeBytes(content);
        return this;
    }

    public ProtoBytes text(int field, String text) {
        return bytes(field, text.getBytes(StandardCharsets.UTF_8));
    }

    public ProtoBytes message(int field, ProtoBytes message) {
        return bytes(field, message.array());
    }

    public ProtoBytes packed(int field, long... values) {
        ProtoBytes packed = new ProtoBytes();
        for (long value : values) {
            packed.raw(value);
        }
        return message(field, packed);
    }

    /** A bare number, as tags and lengths are. */
    public ProtoBytes raw(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
        return this;
    }

    public byte[] array() {
        return bytes.toByteArray();
    }

    public static byte[] floats(float... values) {
        ByteBuffer buffer = little(4 * values.length);
        for (float value : values) {
            buffer.putFloat(value);
        }
        return buffer.array();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
