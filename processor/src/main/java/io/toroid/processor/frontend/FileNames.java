package io.toroid.processor.frontend;

import io.toroid.WeightNames;
import io.toroid.WeightNames.Stored;
import io.toroid.processor.diagnostic.Diagnostic;
import io.toroid.processor.diagnostic.Place;
import io.toroid.processor.diagnostic.Problem;
import io.toroid.processor.diagnostic.ProblemException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.function.Supplier;

/** What a weight file calls a model's parameters: asks the author's class and explains its failures. */
final class FileNames {

    private final WeightNames names;
    private final String title;

    private FileNames(WeightNames names, String title) {
        this.names = names;
        this.title = title;
    }

    /** The model's own names. */
    static FileNames same() {
        return new FileNames(new WeightNames.Same(), "");
    }

    /**
     * Makes an instance of the class that a model names.
     *
     * @param className binary name
     * @throws ProblemException if that is not possible
     */
    static FileNames load(String className, ClassLoader loader) {
        if (className.equals(WeightNames.Same.class.getName())) {
            return same();
        }
        String title = className.substring(Math.max(className.lastIndexOf('.'), className.lastIndexOf('$')) + 1);
        try {
            Constructor<?> constructor = loader.loadClass(className).getDeclaredConstructor();
            constructor.setAccessible(true);
            return new FileNames((WeightNames) constructor.newInstance(), title);
        } catch (InvocationTargetException e) {
            throw unusable(e.getCause(), title, "its constructor failed with " + describe(e.getCause()));
        } catch (NoSuchMethodException e) {
            throw unusable(e, title, "it has no constructor without parameters");
        } catch (ReflectiveOperationException | LinkageError e) {
            throw unusable(e, title, describe(e));
        }
    }

    /** Simple name of the author's class; empty for the model's own names. */
    String title() {
        return title;
    }

    /** @throws ProblemException if the author's class fails */
    Stored find(String parameter) {
        String question = "where the parameter %s stands".formatted(parameter);
        Stored stored = ask(question, () -> names.find(parameter));
        if (stored == null) {
            throw problem(new Place.Weights(), question, "returned null");
        }
        return stored;
    }

    /** @throws ProblemException if the author's class fails */
    boolean isSpare(String stored) {
        return ask("whether %s is spare".formatted(stored), () -> names.isSpare(stored));
    }

    private <T> T ask(String question, Supplier<T> answer) {
        try {
            return answer.get();
        } catch (RuntimeException | LinkageError e) {
            throw problem(place(e), question, "failed with " + describe(e));
        }
    }

    private ProblemException problem(Place place, String question, String what) {
        return new ProblemException(List.of(Problem.at(place, Diagnostic.WEIGHT_NAMES_FAILED, title, question, what)));
    }

    private static ProblemException unusable(Throwable failure, String title, String why) {
        return new ProblemException(List.of(Problem.at(place(failure), Diagnostic.WEIGHT_NAMES_CLASS, title, why)));
    }

    private static Place place(Throwable failure) {
        return StackLines.place(failure, FileNames.class, new Place.Weights());
    }

    private static String describe(Throwable failure) {
        return failure.getMessage() == null
                ? failure.getClass().getName()
                : failure.getClass().getName() + ": " + failure.getMessage();
    }
}
