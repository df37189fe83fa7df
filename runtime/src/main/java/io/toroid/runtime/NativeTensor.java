package io.toroid.runtime;

import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;

import io.toroid.DType;
import io.toroid.op.TensorData;
import io.toroid.op.ReducedFloats;
import io.toroid.runtime.ffi.NativeException;
import io.toroid.runtime.ffi.NativeMemory;
import io.toroid.runtime.ffi.TensorDescriptor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Array;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.Buffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * A typed tensor in native memory, which a compiled model reads or writes in place.
 *
 * <p>Its memory is its own ({@link #allocate(DType, long...)}: freed by {@link #close()}), or of the caller's arena, or any segment or
 * direct buffer of the caller's that is wrapped. Memory of a caller's arena must stay open while a call uses it; memory of its own
 * cannot be closed during one. The layout is contiguous unless strides are given.
 *
 * <p>Elements of {@code f16} and {@code bf16} are read and written as {@code float}s: writing rounds to the nearest number that the type
 * has. Those of {@code u8} are bytes that mean {@code value & 0xff}. {@link #segment()} shows them as they lie in memory.
 *
 * <p>The tensor keeps its description for the native side beside its data, so that a call with it allocates nothing. Reading and writing
 * elements is as thread-safe as reading and writing an array.
 */
public final class NativeTensor implements AutoCloseable {
    private static final long ALIGNMENT = 64;
    private static final long HEADER = TensorDescriptor.BYTES;
    private static final int CLOSED = Integer.MIN_VALUE;
    private static final VarHandle USERS;

    static {
        try {
            USERS = MethodHandles.lookup().findVarHandle(NativeTensor.class, "users", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final DType dtype;
    private final long[] sizes;
    private final long[] strides;
    private final long count;
    private final MemorySegment data;
    private final ElementCopies elements;
    private final MemorySegment descriptor;
    private final long descriptorAddress;
    /** The whole block if the memory is the tensor's own, else null. */
    private final MemorySegment owned;
    /** Ends the life of {@link #exposed}; both null until own memory is handed out. */
    private Arena guard;
    private MemorySegment exposed;
    /** Calls that use the tensor; {@link #CLOSED} after close. */
    @SuppressWarnings("unused")
    private volatile int users;

    private NativeTensor(DType dtype, long[] sizes, long[] strides, MemorySegment data, MemorySegment descriptor, MemorySegment owned) {
        this.dtype = dtype;
        this.sizes = sizes;
        this.strides = strides;
        this.count = Layout.count(sizes);
        this.data = data;
        this.elements = new ElementCopies(dtype, sizes, strides, data);
        this.descriptor = descriptor;
        this.descriptorAddress = descriptor.address();
        this.owned = owned;
        TensorDescriptor.write(descriptor, data.address(), dtype, sizes, strides, count);
    }

    // ---- making ---------------------------------------------------------------------------------------------------------

    /** A tensor of zeros with memory of its own, to be closed. */
    public static NativeTensor allocate(DType dtype, long... sizes) {
        long bytes = Layout.bytes(dtype, sizes);
        try {
            MemorySegment block = NativeMemory.allocate(HEADER + bytes);
            return on(NativeMemory.aligned(block), block, dtype, sizes, bytes);
        } catch (NativeException e) {
            throw new ToroidException(e.getMessage(), e);
        }
    }

    /** A tensor of zeros that lives as long as the arena. */
    public static NativeTensor allocate(Arena arena, DType dtype, long... sizes) {
        long bytes = Layout.bytes(dtype, sizes);
        return on(arena.allocate(HEADER + bytes, ALIGNMENT), null, dtype, sizes, bytes);
    }

    /** A tensor on memory that a call has allocated, which becomes the tensor's own, or is copied to the arena's if that is not null. */
    static NativeTensor taken(MemorySegment filled, Arena arena) {
        DType dtype = TensorDescriptor.dtype(filled);
        long[] sizes = TensorDescriptor.sizes(filled);
        MemorySegment block = NativeMemory.taken(TensorDescriptor.data(filled), Layout.bytes(dtype, sizes));
        if (arena == null) {
            return new NativeTensor(dtype, sizes, Layout.contiguous(sizes), block, Arena.ofAuto().allocate(HEADER, ALIGNMENT), block);
        }
        try {
            NativeTensor copy = allocate(arena, dtype, sizes);
            copy.data.copyFrom(block);
            return copy;
        } finally {
            NativeMemory.free(block);
        }
    }

    /** The descriptor, then the data. */
    private static NativeTensor on(MemorySegment block, MemorySegment owned, DType dtype, long[] sizes, long bytes) {
        return new NativeTensor(
                dtype, sizes.clone(), Layout.contiguous(sizes), block.asSlice(HEADER, bytes), block.asSlice(0, HEADER), owned);
    }

    /** A copy of values in memory of its own, to be closed. */
    public static NativeTensor of(float[] values, long... sizes) {
        return filled(DType.F32, values, values.length, sizes);
    }

    /** A copy of values as {@code f32}, or rounded to {@code f16} or {@code bf16}, in memory of its own, to be closed. */
    public static NativeTensor of(DType dtype, float[] values, long... sizes) {
        requireFloats(dtype);
        return filled(dtype, values, values.length, sizes);
    }

    /** A copy of values as {@code i8} or {@code u8} in memory of its own, to be closed. */
    public static NativeTensor of(DType dtype, byte[] values, long... sizes) {
        if (dtype != DType.I8 && dtype != DType.U8) {
            throw new IllegalArgumentException("bytes are elements of i8 or u8, not of " + dtype);
        }
        return filled(dtype, values, values.length, sizes);
    }

    public static NativeTensor of(short[] values, long... sizes) {
        return filled(DType.I16, values, values.length, sizes);
    }

    public static NativeTensor of(double[] values, long... sizes) {
        return filled(DType.F64, values, values.length, sizes);
    }

    public static NativeTensor of(long[] values, long... sizes) {
        return filled(DType.I64, values, values.length, sizes);
    }

    public static NativeTensor of(int[] values, long... sizes) {
        return filled(DType.I32, values, values.length, sizes);
    }

    public static NativeTensor of(boolean[] values, long... sizes) {
        return filled(DType.BOOL, values, values.length, sizes);
    }

    /** In memory of its own, to be closed. */
    public static NativeTensor of(TensorData data) {
        return filled(data.dtype(), data.array(), Array.getLength(data.array()), data.sizes());
    }

    private static NativeTensor filled(DType dtype, Object values, int length, long[] sizes) {
        Layout.requireCount(dtype, sizes, length);
        NativeTensor tensor = allocate(dtype, sizes);
        tensor.elements.write(values, 0, 0, length);
        return tensor;
    }

    /** A tensor on the caller's native memory, which must stay open as long as the tensor is used. */
    public static NativeTensor wrap(MemorySegment memory, DType dtype, long... sizes) {
        return wrapStrided(memory, dtype, sizes, Layout.contiguous(sizes));
    }

    /** The same with an element's distance along each axis, in elements; none may be negative. */
    public static NativeTensor wrapStrided(MemorySegment memory, DType dtype, long[] sizes, long[] strides) {
        Objects.requireNonNull(dtype, "dtype");
        if (!memory.isNative()) {
            throw new IllegalArgumentException(
                    "a tensor needs native memory: wrap a segment of an Arena or a direct buffer, or copy a heap array with NativeTensor.of");
        }
        Layout.requireFits(memory.byteSize(), dtype, sizes, strides);
        if (memory.address() % dtype.bytes() != 0) {
            throw new IllegalArgumentException(
                    "the memory of a tensor of %s must be aligned to %d bytes".formatted(dtype.text(), dtype.bytes()));
        }
        MemorySegment descriptor = Arena.ofAuto().allocate(TensorDescriptor.BYTES, Long.BYTES);
        return new NativeTensor(dtype, sizes.clone(), strides.clone(), memory, descriptor, null);
    }

    /** A tensor on a direct buffer, from its position on, in native byte order. */
    public static NativeTensor wrap(FloatBuffer buffer, long... sizes) {
        return wrapBuffer(buffer, buffer.order(), DType.F32, sizes);
    }

    public static NativeTensor wrap(DoubleBuffer buffer, long... sizes) {
        return wrapBuffer(buffer, buffer.order(), DType.F64, sizes);
    }

    public static NativeTensor wrap(LongBuffer buffer, long... sizes) {
        return wrapBuffer(buffer, buffer.order(), DType.I64, sizes);
    }

    public static NativeTensor wrap(IntBuffer buffer, long... sizes) {
        return wrapBuffer(buffer, buffer.order(), DType.I32, sizes);
    }

    private static NativeTensor wrapBuffer(Buffer buffer, ByteOrder order, DType dtype, long[] sizes) {
        if (!buffer.isDirect() || order != ByteOrder.nativeOrder()) {
            throw new IllegalArgumentException("a tensor needs a direct buffer in native byte order:"
                    + " ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder())");
        }
        return wrap(MemorySegment.ofBuffer(buffer), dtype, sizes);
    }

    // ---- what it is -----------------------------------------------------------------------------------------------------

    public DType dtype() {
        return dtype;
    }

    /** A copy of its sizes. */
    public long[] shape() {
        return sizes.clone();
    }

    /** A copy of its strides, in elements. */
    public long[] strides() {
        return strides.clone();
    }

    public int rank() {
        return sizes.length;
    }

    public long size(int axis) {
        return sizes[axis];
    }

    /** The number of elements. */
    public long count() {
        return count;
    }

    public boolean isContiguous() {
        return elements.isContiguous();
    }

    /** Whether it wraps memory that must not be written, so that it can be an input only. */
    public boolean isReadOnly() {
        return data.isReadOnly();
    }

    /** Its memory, to read and write in place; usable until the tensor or its arena is closed. */
    public synchronized MemorySegment segment() {
        requireOpen();
        if (owned == null) {
            return data;
        }
        if (guard == null) {
            guard = Arena.ofShared();
            exposed = NativeMemory.guarded(data, guard);
        }
        return exposed;
    }

    /** Such as {@code f32[3, 64]}. */
    public String type() {
        return dtype.text() + Arrays.toString(sizes);
    }

    @Override
    public String toString() {
        return "NativeTensor " + type() + (isOpen() ? "" : " (closed)");
    }

    // ---- elements -------------------------------------------------------------------------------------------------------

    /** An element of {@code f32}, {@code f16} or {@code bf16}. */
    public float getFloat(long... index) {
        beginFloats();
        try {
            long position = position(index);
            return dtype == DType.F32
                    ? data.get(ValueLayout.JAVA_FLOAT, position * Float.BYTES)
                    : ReducedFloats.value(dtype, data.get(ValueLayout.JAVA_SHORT, position * Short.BYTES));
        } finally {
            release();
        }
    }

    /** Sets an element of {@code f32}, or of {@code f16} or {@code bf16} to the nearest number that these have. */
    public void setFloat(float value, long... index) {
        beginFloats();
        try {
            long position = position(index);
            if (dtype == DType.F32) {
                data.set(ValueLayout.JAVA_FLOAT, position * Float.BYTES, value);
            } else {
                data.set(ValueLayout.JAVA_SHORT, position * Short.BYTES, ReducedFloats.bits(dtype, value));
            }
        } finally {
            release();
        }
    }

    public double getDouble(long... index) {
        begin(DType.F64);
        try {
            return data.get(ValueLayout.JAVA_DOUBLE, position(index) * Double.BYTES);
        } finally {
            release();
        }
    }

    public void setDouble(double value, long... index) {
        begin(DType.F64);
        try {
            data.set(ValueLayout.JAVA_DOUBLE, position(index) * Double.BYTES, value);
        } finally {
            release();
        }
    }

    public long getLong(long... index) {
        begin(DType.I64);
        try {
            return data.get(ValueLayout.JAVA_LONG, position(index) * Long.BYTES);
        } finally {
            release();
        }
    }

    public void setLong(long value, long... index) {
        begin(DType.I64);
        try {
            data.set(ValueLayout.JAVA_LONG, position(index) * Long.BYTES, value);
        } finally {
            release();
        }
    }

    public int getInt(long... index) {
        begin(DType.I32);
        try {
            return data.get(ValueLayout.JAVA_INT, position(index) * Integer.BYTES);
        } finally {
            release();
        }
    }

    public void setInt(int value, long... index) {
        begin(DType.I32);
        try {
            data.set(ValueLayout.JAVA_INT, position(index) * Integer.BYTES, value);
        } finally {
            release();
        }
    }

    public short getShort(long... index) {
        begin(DType.I16);
        try {
            return data.get(ValueLayout.JAVA_SHORT, position(index) * Short.BYTES);
        } finally {
            release();
        }
    }

    public void setShort(short value, long... index) {
        begin(DType.I16);
        try {
            data.set(ValueLayout.JAVA_SHORT, position(index) * Short.BYTES, value);
        } finally {
            release();
        }
    }

    /** An element of {@code i8} or {@code u8}. */
    public byte getByte(long... index) {
        beginBytes();
        try {
            return data.get(ValueLayout.JAVA_BYTE, position(index));
        } finally {
            release();
        }
    }

    /** Sets an element of {@code i8} or {@code u8}. */
    public void setByte(byte value, long... index) {
        beginBytes();
        try {
            data.set(ValueLayout.JAVA_BYTE, position(index), value);
        } finally {
            release();
        }
    }

    public boolean getBoolean(long... index) {
        begin(DType.BOOL);
        try {
            return data.get(JAVA_BOOLEAN, position(index));
        } finally {
            release();
        }
    }

    public void setBoolean(boolean value, long... index) {
        begin(DType.BOOL);
        try {
            data.set(JAVA_BOOLEAN, position(index), value);
        } finally {
            release();
        }
    }

    /** All elements in row-major order. */
    public float[] toFloatArray() {
        float[] values = new float[length()];
        copyTo(values);
        return values;
    }

    public double[] toDoubleArray() {
        double[] values = new double[length()];
        copyTo(values);
        return values;
    }

    public long[] toLongArray() {
        long[] values = new long[length()];
        copyTo(values);
        return values;
    }

    public int[] toIntArray() {
        int[] values = new int[length()];
        copyTo(values);
        return values;
    }

    public short[] toShortArray() {
        short[] values = new short[length()];
        copyTo(values);
        return values;
    }

    public byte[] toByteArray() {
        byte[] values = new byte[length()];
        copyTo(values);
        return values;
    }

    public boolean[] toBooleanArray() {
        boolean[] values = new boolean[length()];
        copyTo(values);
        return values;
    }

    /** Copies all elements in row-major order into an array of exactly their number; allocates nothing. */
    public void copyTo(float[] values) {
        beginFloats();
        copyOut(values, values.length);
    }

    public void copyTo(double[] values) {
        begin(DType.F64);
        copyOut(values, values.length);
    }

    public void copyTo(long[] values) {
        begin(DType.I64);
        copyOut(values, values.length);
    }

    public void copyTo(int[] values) {
        begin(DType.I32);
        copyOut(values, values.length);
    }

    public void copyTo(short[] values) {
        begin(DType.I16);
        copyOut(values, values.length);
    }

    public void copyTo(byte[] values) {
        beginBytes();
        copyOut(values, values.length);
    }

    public void copyTo(boolean[] values) {
        begin(DType.BOOL);
        copyOut(values, values.length);
    }

    /** Copies exactly all elements from an array in row-major order; allocates nothing. */
    public void copyFrom(float[] values) {
        beginFloats();
        copyIn(values, values.length);
    }

    public void copyFrom(double[] values) {
        begin(DType.F64);
        copyIn(values, values.length);
    }

    public void copyFrom(long[] values) {
        begin(DType.I64);
        copyIn(values, values.length);
    }

    public void copyFrom(int[] values) {
        begin(DType.I32);
        copyIn(values, values.length);
    }

    public void copyFrom(short[] values) {
        begin(DType.I16);
        copyIn(values, values.length);
    }

    public void copyFrom(byte[] values) {
        beginBytes();
        copyIn(values, values.length);
    }

    public void copyFrom(boolean[] values) {
        begin(DType.BOOL);
        copyIn(values, values.length);
    }

    /** Values of this tensor's type and sizes. */
    public void copyFrom(TensorData data) {
        if (!Arrays.equals(data.sizes(), sizes)) {
            throw new IllegalArgumentException("data of sizes %s do not fit %s; give them its sizes".formatted(Arrays.toString(data.sizes()), type()));
        }
        begin(data.dtype());
        copyIn(data.array(), Array.getLength(data.array()));
    }

    /** A copy on the heap. */
    public TensorData data() {
        Object array = switch (dtype) {
            case F32, F16, BF16 -> toFloatArray();
            case F64 -> toDoubleArray();
            case I64 -> toLongArray();
            case I32 -> toIntArray();
            case I16 -> toShortArray();
            case I8, U8 -> toByteArray();
            case BOOL -> toBooleanArray();
        };
        return new TensorData(dtype, shape(), array);
    }

    /** While the tensor is acquired: copies between its memory and arrays. */
    ElementCopies elements() {
        return elements;
    }

    /** Ends the use that its caller has begun. */
    private void copyOut(Object values, int length) {
        try {
            requireCount(length);
            elements.read(values, 0, 0, length);
        } finally {
            release();
        }
    }

    /** Ends the use that its caller has begun. */
    private void copyIn(Object values, int length) {
        try {
            requireCount(length);
            elements.write(values, 0, 0, length);
        } finally {
            release();
        }
    }

    private int length() {
        if (count > Integer.MAX_VALUE - 8) {
            throw new IllegalStateException("%s is too large for a Java array; use segment()".formatted(this));
        }
        return (int) count;
    }

    private void requireCount(int length) {
        if (length != count) {
            throw new IllegalArgumentException("%s has %d elements, and the array %d".formatted(this, count, length));
        }
    }

    /** Begins a use of elements of a type. */
    private void begin(DType expected) {
        begin(dtype == expected, expected);
    }

    private void beginFloats() {
        begin(dtype.computed() == DType.F32, DType.F32);
    }

    private void beginBytes() {
        begin(dtype == DType.I8 || dtype == DType.U8, DType.I8);
    }

    private void begin(boolean fits, DType expected) {
        acquire();
        if (!fits) {
            release();
            throw new IllegalArgumentException("%s does not hold elements of %s".formatted(this, expected.text()));
        }
    }

    private static void requireFloats(DType dtype) {
        if (dtype.computed() != DType.F32) {
            throw new IllegalArgumentException("floats are elements of f32, f16 or bf16, not of " + dtype);
        }
    }

    /** The place of an element, in elements from the start of the data. */
    private long position(long[] index) {
        if (index.length != sizes.length) {
            throw new IndexOutOfBoundsException("%s takes %d indices, not %d".formatted(this, sizes.length, index.length));
        }
        long position = 0;
        for (int i = 0; i < index.length; i++) {
            if (index[i] < 0 || index[i] >= sizes[i]) {
                throw new IndexOutOfBoundsException("index %d of axis %d is outside %s".formatted(index[i], i, this));
            }
            position += index[i] * strides[i];
        }
        return position;
    }

    // ---- life -----------------------------------------------------------------------------------------------------------

    /** Whether its memory can still be used. */
    public boolean isOpen() {
        return (int) USERS.getVolatile(this) >= 0 && data.scope().isAlive();
    }

    /**
     * Frees the memory if it is the tensor's own; afterwards the tensor cannot be used. Closing twice does nothing.
     *
     * @throws IllegalStateException while a call uses the tensor
     */
    @Override
    public void close() {
        int before = (int) USERS.compareAndExchange(this, 0, CLOSED);
        if (before > 0) {
            throw new IllegalStateException("%s cannot be closed while a call uses it".formatted(this));
        }
        if (before == 0 && owned != null) {
            free();
        }
    }

    /** First what was handed out becomes unusable, then the memory goes. */
    private synchronized void free() {
        if (guard != null) {
            guard.close();
        }
        NativeMemory.free(owned);
    }

    private void requireOpen() {
        if (!isOpen()) {
            throw new IllegalStateException("%s tensor was used after it was closed".formatted(type()));
        }
    }

    /** Begins a use by a call; a closed tensor, or one of another thread's confined arena, is refused. */
    void acquire() {
        if ((int) USERS.getAndAdd(this, 1) < 0 || !data.scope().isAlive()) {
            release();
            throw new IllegalStateException("%s tensor was used after it was closed".formatted(type()));
        }
        if (!data.isAccessibleBy(Thread.currentThread())) {
            release();
            throw new IllegalStateException(
                    "%s tensor belongs to the confined arena of another thread; use Arena.ofShared()".formatted(type()));
        }
    }

    void release() {
        USERS.getAndAdd(this, -1);
    }

    /** The address of its {@link TensorDescriptor}. */
    long descriptorAddress() {
        return descriptorAddress;
    }

    MemorySegment descriptor() {
        return descriptor;
    }
}
