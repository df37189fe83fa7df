package io.toroid.nn;

import io.toroid.Name;
import io.toroid.SourcePosition;
import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.TensorException.Kind;
import io.toroid.op.Parameter;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedCollection;
import java.util.SequencedMap;
import java.util.Set;

/**
 * The parameters of a model and their names: each is called by the path of fields that leads to it, such as
 * {@code encoder.layers.0.norm.weight}.
 *
 * <p>Fields are searched in the order of their declaration, those of superclasses first, and with them the objects
 * they hold: layers of any package, records, arrays, lists, maps (whose keys are segments) and optionals. {@link Name}
 * on a field overrides its segment. Static fields, classes of the JDK and the fields that the Java compiler adds are
 * left out, and so are tensors that are computed. A layer that is reached by several paths, as with tied weights, is
 * named by the first; the others are aliases.
 *
 * @param named every parameter by its name, in the order found
 * @param aliases further names, each with the name of the parameter that it stands for
 */
public record Parameters(SequencedMap<String, Parameter> named, SequencedMap<String, String> aliases) {

    public Parameters {
        named = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(named));
        aliases = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(aliases));
    }

    /**
     * Searches a model or a layer.
     *
     * @throws TensorException if a field cannot be read, or two parameters would have the same name
     */
    public static Parameters of(Object model) {
        Map<Parameter, String> names = new IdentityHashMap<>();
        SequencedMap<String, Parameter> named = new LinkedHashMap<>();
        SequencedMap<String, String> aliases = new LinkedHashMap<>();
        for (Found found : new Search().search(model)) {
            String first = names.putIfAbsent(found.parameter(), found.path());
            Parameter other = named.get(aliases.getOrDefault(found.path(), found.path()));
            if (other != null && other != found.parameter()) {
                throw sameName(found, other);
            }
            if (first == null) {
                named.put(found.path(), found.parameter());
            } else if (!found.path().equals(first)) {
                aliases.put(found.path(), first);
            }
        }
        return new Parameters(named, aliases);
    }

    /** As {@link #of}, without the aliases. */
    public static SequencedMap<String, Parameter> named(Object model) {
        return of(model).named();
    }

    private static TensorException sameName(Found found, Parameter other) {
        return new TensorException(Kind.ARGUMENT,
                "two parameters are called \"%s\", made at %s and %s; rename one of the fields, or give it another @Name"
                        .formatted(found.path(), other.position(), found.parameter().position()),
                found.parameter().position());
    }

    /** A parameter at a path relative to the object that was searched. */
    private record Found(String path, Parameter parameter) {

        Found below(String segment) {
            if (segment.isEmpty() || path.isEmpty()) {
                return new Found(segment + path, parameter);
            }
            return new Found(segment + "." + path, parameter);
        }
    }

    /** One walk over the objects; each is searched once, and one that holds itself is not followed further. */
    private static final class Search {

        private final Map<Object, List<Found>> searched = new IdentityHashMap<>();
        private final Set<Object> open = Collections.newSetFromMap(new IdentityHashMap<>());

        List<Found> search(Object value) {
            if (value instanceof Tensor tensor) {
                return tensor.origin() instanceof Parameter parameter ? List.of(new Found("", parameter)) : List.of();
            }
            if (value == null || isPlain(value.getClass()) || open.contains(value)) {
                return List.of();
            }
            List<Found> known = searched.get(value);
            if (known == null) {
                open.add(value);
                known = members(value);
                open.remove(value);
                searched.put(value, known);
            }
            return known;
        }

        private List<Found> members(Object value) {
            return switch (value) {
                case Object[] array -> elements(Arrays.asList(array));
                case SequencedCollection<?> list -> elements(list);
                case Collection<?> unordered -> unordered(unordered);
                case Map<?, ?> map -> entries(map);
                case Optional<?> optional -> search(optional.orElse(null));
                default -> isOfJdk(value.getClass()) ? List.of() : fields(value);
            };
        }

        private List<Found> elements(Collection<?> list) {
            List<Found> found = new ArrayList<>();
            int index = 0;
            for (Object element : list) {
                add(found, Integer.toString(index++), element);
            }
            return found;
        }

        private List<Found> unordered(Collection<?> collection) {
            if (!elements(collection).isEmpty()) {
                throw new TensorException(Kind.ARGUMENT,
                        "the layers in a %s have no order to number them by; keep them in a List"
                                .formatted(collection.getClass().getSimpleName()), SourcePosition.UNKNOWN);
            }
            return List.of();
        }

        private List<Found> entries(Map<?, ?> map) {
            List<Found> found = new ArrayList<>();
            map.forEach((key, value) -> add(found, String.valueOf(key), value));
            return found;
        }

        private List<Found> fields(Object owner) {
            List<Found> found = new ArrayList<>();
            for (Class<?> type : classes(owner)) {
                for (Field field : type.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers()) && !field.isSynthetic() && !isPlain(field.getType())) {
                        Name name = field.getAnnotation(Name.class);
                        add(found, name == null ? field.getName() : name.value(), read(field, owner));
                    }
                }
            }
            return found;
        }

        private void add(List<Found> found, String segment, Object value) {
            search(value).forEach(below -> found.add(below.below(segment)));
        }

        /** From the outermost superclass of the author's down to the class itself. */
        private static List<Class<?>> classes(Object owner) {
            List<Class<?>> classes = new ArrayList<>();
            for (Class<?> type = owner.getClass(); type != null && !isOfJdk(type); type = type.getSuperclass()) {
                classes.addFirst(type);
            }
            return classes;
        }

        private static Object read(Field field, Object owner) {
            Class<?> type = field.getDeclaringClass();
            if (!field.trySetAccessible()) {
                throw new TensorException(Kind.ARGUMENT,
                        "the field %s of %s cannot be read, so its parameters cannot be named; add \"opens %s to %s;\" to the module %s"
                                .formatted(field.getName(), type.getName(), type.getPackageName(),
                                        Parameters.class.getModule().isNamed() ? Parameters.class.getModule().getName() : "io.toroid",
                                        type.getModule().getName()), SourcePosition.UNKNOWN);
            }
            try {
                return field.get(owner);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("an accessible field cannot be read: " + field, e);
            }
        }

        /** Cannot hold a parameter, whatever its value. */
        private static boolean isPlain(Class<?> type) {
            return type.isPrimitive() || type.isEnum() || type.isHidden() || type == String.class || type == Class.class
                    || type.isArray() && type.getComponentType().isPrimitive()
                    || Number.class.isAssignableFrom(type)
                    || Set.of("io.toroid.op", "io.toroid.shape").contains(type.getPackageName());
        }

        private static boolean isOfJdk(Class<?> type) {
            return type.getClassLoader() == null || type.getClassLoader() == ClassLoader.getPlatformClassLoader();
        }
    }
}
