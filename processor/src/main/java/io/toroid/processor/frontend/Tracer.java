package io.toroid.processor.frontend;

import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.op.Origin;
import io.toroid.op.Placeholder;
import io.toroid.op.TensorType;
import io.toroid.op.Updates;
import io.toroid.processor.diagnostic.Diagnostic;
import io.toroid.processor.diagnostic.Place;
import io.toroid.processor.diagnostic.Problem;
import io.toroid.processor.diagnostic.ProblemException;
import io.toroid.processor.model.DimDescriptor;
import io.toroid.processor.model.EntryDescriptor;
import io.toroid.processor.model.InputDescriptor;
import io.toroid.processor.model.ModelDescriptor;
import io.toroid.processor.model.OutputDescriptor;
import io.toroid.processor.model.TracedEntry;
import io.toroid.shape.Range;
import io.toroid.shape.ShapeEnvironment;
import io.toroid.shape.Size;
import io.toroid.shape.Solver;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Constructs a model and calls its entries on symbolic tensors; what they return is the graph. It knows nothing of
 * javac: any class will do, whoever loaded it. Each entry is traced on its own, so one compile shows the mistakes of
 * all of them.
 */
public final class Tracer {

    private final Supplier<Solver> solver;

    /** @param solver started when a relation of sizes must be decided that the canonical form leaves open */
    public Tracer(Supplier<Solver> solver) {
        this.solver = solver;
    }

    /**
     * What came out.
     *
     * @param model the constructed model
     * @param entries those that could be traced
     * @param problems of the others
     */
    public record Trace(Object model, List<TracedEntry> entries, List<Problem> problems) {
    }

    /** @throws ProblemException if the model cannot be constructed */
    public Trace trace(Class<?> type, ModelDescriptor descriptor) {
        Object model = construct(type, descriptor);
        List<TracedEntry> entries = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (EntryDescriptor entry : descriptor.entries()) {
            try {
                entries.add(trace(model, entry));
            } catch (ProblemException e) {
                problems.addAll(e.problems());
            }
        }
        return new Trace(model, entries, problems);
    }

    private static Object construct(Class<?> type, ModelDescriptor descriptor) {
        try {
            return type.getConstructor().newInstance();
        } catch (InvocationTargetException e) {
            throw failure(e.getCause(), new Place.Model(), Diagnostic.CONSTRUCTOR_FAILED, descriptor.simpleName());
        } catch (ReflectiveOperationException | LinkageError e) {
            throw failure(e, new Place.Model(), Diagnostic.CONSTRUCTOR_FAILED, descriptor.simpleName());
        }
    }

    private TracedEntry trace(Object model, EntryDescriptor entry) {
        ShapeEnvironment environment = new ShapeEnvironment(solver);
        for (DimDescriptor dim : entry.dims()) {
            environment.declare(dim.name(), new Range(dim.min(), dim.max(), dim.multipleOf()));
        }
        List<Tensor> inputs = new ArrayList<>();
        for (InputDescriptor input : entry.inputs()) {
            TensorType type = SpecParser.parse(input.spec().toString(), environment);
            inputs.add(Tensor.placeholder(input.name(), type, environment));
        }
        Object result = call(model, entry, inputs);
        List<Tensor> outputs = flatten(result, entry);
        requireOwn(inputs, outputs, entry);
        checkUpdates(outputs, entry);
        return new TracedEntry(entry.name(), inputs, outputs, entry.output().names(), environment, entry);
    }

    private static void checkUpdates(List<Tensor> outputs, EntryDescriptor entry) {
        try {
            Updates.of(outputs);
        } catch (TensorException e) {
            throw new ProblemException(List.of(Problem.at(
                    Place.of(e.position(), new Place.Entry(entry.name())), diagnosticOf(e.kind()), e.getMessage())));
        }
    }

    private static Object call(Object model, EntryDescriptor entry, List<Tensor> inputs) {
        Place place = new Place.Entry(entry.name());
        try {
            Class<?>[] types = new Class<?>[inputs.size()];
            Arrays.fill(types, Tensor.class);
            return model.getClass().getMethod(entry.name(), types).invoke(model, inputs.toArray());
        } catch (InvocationTargetException e) {
            throw failure(e.getCause(), place, Diagnostic.ENTRY_FAILED, entry.name());
        } catch (ReflectiveOperationException | LinkageError e) {
            throw failure(e, place, Diagnostic.ENTRY_FAILED, entry.name());
        }
    }

    private static List<Tensor> flatten(Object result, EntryDescriptor entry) {
        List<Tensor> outputs = switch (entry.output()) {
            case OutputDescriptor.Single() -> List.of(check(result, "null", entry));
            case OutputDescriptor.Group(_, _, List<String> names) -> {
                Object group = result == null ? refuse("null", entry) : result;
                yield names.stream().map(name -> check(component(group, name, entry), "a record whose " + name + " is null", entry)).toList();
            }
        };
        return outputs;
    }

    /** Other placeholders stand for what a loop carries, or are the inputs of another entry. */
    private static void requireOwn(List<Tensor> inputs, List<Tensor> outputs, EntryDescriptor entry) {
        Set<Origin> own = inputs.stream().map(Tensor::origin).collect(Collectors.toSet());
        List<Problem> problems = new ArrayList<>();
        Leaves.of(outputs).forEach((leaf, reader) -> {
            if (leaf instanceof Placeholder && !own.contains(leaf)) {
                problems.add(Problem.at(Place.of(reader, new Place.Entry(entry.name())), Diagnostic.TENSOR_ESCAPED, entry.name()));
            }
        });
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
    }

    private static Object component(Object group, String name, EntryDescriptor entry) {
        try {
            Method accessor = group.getClass().getMethod(name);
            accessor.setAccessible(true);
            return accessor.invoke(group);
        } catch (InvocationTargetException e) {
            throw failure(e.getCause(), new Place.Entry(entry.name()), Diagnostic.ENTRY_FAILED, entry.name());
        } catch (ReflectiveOperationException e) {
            throw failure(e, new Place.Entry(entry.name()), Diagnostic.ENTRY_FAILED, entry.name());
        }
    }

    private static Tensor check(Object value, String whatIfNull, EntryDescriptor entry) {
        return switch (value) {
            case null -> refuse(whatIfNull, entry);
            case Tensor tensor when tensor.evaluator().isPresent() -> refuse("a tensor that already holds values", entry);
            case Tensor tensor -> tensor;
            default -> refuse("a " + value.getClass().getName(), entry);
        };
    }

    private static <T> T refuse(String what, EntryDescriptor entry) {
        throw new ProblemException(List.of(
                Problem.at(new Place.Entry(entry.name()), Diagnostic.ENTRY_RESULT, entry.name(), what)));
    }

    /** A mistake in an operator keeps its own words; any other failure is told with its class. */
    private static ProblemException failure(Throwable failure, Place otherwise, Diagnostic other, String name) {
        Throwable cause = failure instanceof ExceptionInInitializerError && failure.getCause() != null ? failure.getCause() : failure;
        Place place = StackLines.place(cause, Tracer.class, otherwise);
        Problem problem = switch (cause) {
            case TensorException mistake -> Problem.at(place, diagnosticOf(mistake.kind()), mistake.getMessage());
            case IllegalStateException _ when comesFromSize(cause) -> Problem.at(place, Diagnostic.TRACE_SIZE, cause.getMessage());
            default -> Problem.at(place, other, name, describe(cause));
        };
        return new ProblemException(List.of(problem));
    }

    /** A size that was asked for its number and has none. */
    private static boolean comesFromSize(Throwable failure) {
        StackTraceElement[] frames = failure.getStackTrace();
        return frames.length > 0 && frames[0].getClassName().startsWith(Size.class.getPackageName() + ".");
    }

    private static String describe(Throwable failure) {
        return failure.getMessage() == null
                ? failure.getClass().getName()
                : failure.getClass().getName() + ": " + failure.getMessage();
    }

    private static Diagnostic diagnosticOf(TensorException.Kind kind) {
        return switch (kind) {
            case SHAPE -> Diagnostic.TRACE_SHAPE;
            case DTYPE -> Diagnostic.TRACE_DTYPE;
            case ARGUMENT -> Diagnostic.TRACE_ARGUMENT;
            case VALUE -> Diagnostic.TRACE_VALUE;
            case INDEX -> Diagnostic.TRACE_INDEX;
        };
    }
}
