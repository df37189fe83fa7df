package io.toroid.runtime;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Argument;
import io.toroid.op.Arguments;
import io.toroid.op.CustomOperator;
import io.toroid.op.TensorData;
import io.toroid.op.TensorType;
import io.toroid.runtime.ffi.NativeMemory;
import io.toroid.runtime.ffi.OperatorUpcall;
import io.toroid.runtime.ffi.TensorDescriptor;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** The operators of a model that are written in Java: called by its library, which hands out memory for their results. */
final class JavaOperators implements AutoCloseable {

    private final Map<String, CustomOperator> byTitle = new HashMap<>();
    /** What each thread is computing. */
    private final Map<Thread, String> computing = new ConcurrentHashMap<>();
    private final Map<Long, Throwable> failures = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final OperatorUpcall upcall;

    JavaOperators(List<CustomOperator> operators) {
        operators.forEach(operator -> byTitle.put(operator.title(), operator));
        this.upcall = new OperatorUpcall(this::call, this::keep);
    }

    /** Address of the function that libraries call. */
    long address() {
        return upcall.address();
    }

    /** What an operator threw; it is forgotten now. Null if there is nothing of this number. */
    Throwable take(long reason) {
        return failures.remove(reason);
    }

    private long keep(Throwable thrown) {
        long number = numbers.incrementAndGet();
        failures.put(number, thrown);
        return number;
    }

    /** @throws IllegalStateException if this thread computes one of them, and so is in the midst of a run of the model */
    void requireOutside(String model) {
        String title = computing.get(Thread.currentThread());
        if (title != null) {
            throw new IllegalStateException("the operator %s uses %s, which is running it and would wait for itself: an operator depends on its arguments alone; "
                    .formatted(title, model) + "run, change or close the model when the call has ended, or load it once more for the operator");
        }
    }

    private void call(String title, List<OperatorUpcall.Value> values) {
        computing.put(Thread.currentThread(), title);
        try {
            compute(title, values);
        } finally {
            computing.remove(Thread.currentThread());
        }
    }

    private void compute(String title, List<OperatorUpcall.Value> values) {
        CustomOperator operator = byTitle.get(title);
        if (operator == null) {
            throw new IllegalStateException("the façade has no operator %s; it has %s".formatted(title, byTitle.keySet()));
        }
        List<Argument> arguments = new ArrayList<>();
        List<MemorySegment> results = new ArrayList<>();
        for (OperatorUpcall.Value value : values) {
            if (value.kind() == OperatorUpcall.Kind.RESULT) {
                results.add(value.tensor(0));
            } else {
                arguments.add(argument(value));
            }
        }
        List<TensorType> types = results.stream().map(JavaOperators::type).toList();
        List<TensorData> computed = operator.evaluate(new Arguments(operator.operator().schema(), arguments), types);
        for (int i = 0; i < results.size(); i++) {
            write(computed.get(i), results.get(i));
        }
    }

    private static Argument argument(OperatorUpcall.Value value) {
        return switch (value.kind()) {
            case NONE -> Argument.None.NONE;
            case TENSOR -> new Argument.OfTensor(Tensor.constant(read(value.tensor(0))));
            case TENSORS -> Argument.ofTensors(tensors(value));
            case INT -> new Argument.OfInt(Size.of(value.integer()));
            case INTS, BOOLS -> new Argument.OfInts(IntStream.range(0, value.count()).mapToObj(i -> Size.of(value.integer(i))).toList());
            case FLOAT -> new Argument.OfFloat(value.number());
            case FLOATS -> new Argument.OfFloats(IntStream.range(0, value.count()).mapToObj(value::number).toList());
            case BOOL -> new Argument.OfBool(value.integer() != 0);
            case TEXT, DEVICE -> new Argument.OfString(value.text());
            case DTYPE -> new Argument.OfDType(DType.ofCode((int) value.integer()).orElseThrow());
            case RESULT -> throw new IllegalArgumentException("a result is no argument");
        };
    }

    /** Null where one is left out. */
    private static List<Tensor> tensors(OperatorUpcall.Value value) {
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < value.count(); i++) {
            MemorySegment descriptor = value.tensor(i);
            tensors.add(TensorDescriptor.isPresent(descriptor) ? Tensor.constant(read(descriptor)) : null);
        }
        return tensors;
    }

    private static TensorType type(MemorySegment descriptor) {
        return new TensorType(TensorDescriptor.dtype(descriptor), Shape.of(TensorDescriptor.sizes(descriptor)));
    }

    /** A tensor on the memory that a descriptor describes. */
    private static NativeTensor on(MemorySegment descriptor) {
        DType dtype = TensorDescriptor.dtype(descriptor);
        long[] sizes = TensorDescriptor.sizes(descriptor);
        return NativeTensor.wrap(NativeMemory.at(TensorDescriptor.data(descriptor), Layout.count(sizes) * dtype.bytes()), dtype, sizes);
    }

    private static TensorData read(MemorySegment descriptor) {
        try (NativeTensor tensor = on(descriptor)) {
            return tensor.data();
        }
    }

    private static void write(TensorData data, MemorySegment descriptor) {
        try (NativeTensor tensor = on(descriptor)) {
            tensor.copyFrom(data);
        }
    }

    /** No library may call them any more. */
    @Override
    public void close() {
        upcall.close();
    }
}
