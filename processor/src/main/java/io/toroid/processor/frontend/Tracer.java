package io.toroid.processor.frontend;

import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.op.Origin;
import io.toroid.op.Placeholder;
import io.toroid.op.Updates;
import io.toroid.processor.diagnostic.Diagnostic;
import io.toroid.processor.diagnostic.Place;
import io.toroid.processor.diagnostic.Problem;
import io.toroid.processor.diagnostic.ProblemException;
import io.toroid.processor.model.DimDescriptor;
import io.toroid.processor.model.EntryDescriptor;
import io.toroid.processor.model.InputDescriptor;
import io.toroid.processor.model.ModelDescriptor;
import io.toroid.processor.model.Structure;
import io.toroid.processor.model.TracedEntry;
import io.toroid.shape.Range;
import io.toroid.shape.ShapeEnvironment;
import io.toroid.shape.Size;
import io.toroid.shape.Solver;
import io.toroid.shape.Symbol;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
        return traceConstructed(construct(type, descriptor), descriptor);
    }

    /** Traces a model that exists. */
    public Trace traceConstructed(Object model, ModelDescriptor descriptor) {
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
        List<Object> leaves = new ArrayList<>();
        for (InputDescriptor input : entry.inputs()) {
            Optional<Symbol> symbol = input.symbol().map(environment::symbol);
            inputs.add(symbol.isPresent() ? Tensor.placeholder(input.name(), symbol.get())
                    : Tensor.placeholder(input.name(), SpecParser.parse(input.spec().toString(), environment), environment));
            leaves.add(symbol.isPresent() ? symbol.get() : inputs.getLast());
        }
        EntryResult result = new EntryResult(entry, environment);
        Structure output = call(model, entry, leaves, result);
        requireOwn(inputs, result.tensors(), entry);
        checkUpdates(result.tensors(), entry);
        Set<Tensor> updated = Updates.of(result.tensors()).keySet();
        return new TracedEntry(entry.name(), inputs, result.tensors(), output.outputNames(), environment,
                entry.traced(output, inputs.stream().map(updated::contains).toList()));
    }

    private static void checkUpdates(List<Tensor> outputs, EntryDescriptor entry) {
        try {
            Updates.of(outputs);
        } catch (TensorException e) {
            throw new ProblemException(List.of(Problem.at(
                    Place.of(e.position(), new Place.Entry(entry.name())), diagnosticOf(e.kind()), e.getMessage())));
        }
    }

    private static Structure call(Object model, EntryDescriptor entry, List<Object> leaves, EntryResult result) {
        Place place = new Place.Entry(entry.name());
        try {
            EntryArguments arguments = new EntryArguments(model.getClass().getClassLoader(), leaves.iterator());
            Class<?>[] types = new Class<?>[entry.parameters().size()];
            Object[] values = new Object[types.length];
            for (int i = 0; i < types.length; i++) {
                types[i] = arguments.type(entry.parameters().get(i).value());
                values[i] = arguments.value(entry.parameters().get(i).value());
            }
            return result.take(model.getClass().getMethod(entry.name(), types).invoke(model, values));
        } catch (InvocationTargetException e) {
            throw failure(e.getCause(), place, Diagnostic.ENTRY_FAILED, entry.name());
        } catch (ReflectiveOperationException | LinkageError e) {
            throw failure(e, place, Diagnostic.ENTRY_FAILED, entry.name());
        }
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
