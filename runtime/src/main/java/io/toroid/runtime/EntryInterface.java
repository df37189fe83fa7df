package io.toroid.runtime;

import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A model as an object of somebody's interface. */
final class EntryInterface implements InvocationHandler {

    /** What a method does with its arguments. */
    @FunctionalInterface
    private interface Action {
        Object run(Object[] arguments);
    }

    private final DynamicModel model;
    private final Map<Method, Action> actions = new HashMap<>();

    private EntryInterface(DynamicModel model) {
        this.model = model;
    }

    static <T> T of(DynamicModel model, Class<T> type) {
        if (!type.isInterface()) {
            throw new IllegalArgumentException("%s is no interface".formatted(type.getName()));
        }
        if (!Modifier.isPublic(type.getModifiers()) && Arrays.stream(type.getMethods()).anyMatch(Method::isDefault)) {
            throw new IllegalArgumentException("%s has methods with code, so it must be public".formatted(type.getName()));
        }
        EntryInterface handler = new EntryInterface(model);
        for (Method method : type.getMethods()) {
            if (Modifier.isAbstract(method.getModifiers()) && !isOfEveryObject(method)) {
                handler.actions.put(method, handler.action(method));
            }
        }
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** An interface may name such a method to say what it promises of it; a proxy hands it on as {@code Object}'s. */
    private static boolean isOfEveryObject(Method method) {
        return switch (method.getName()) {
            case "toString", "hashCode" -> method.getParameterCount() == 0;
            case "equals" -> List.of(method.getParameterTypes()).equals(List.of(Object.class));
            default -> false;
        };
    }

    private Action action(Method method) {
        String entry = method.getName();
        if (entry.equals("close") && method.getParameterCount() == 0) {
            return _ -> {
                model.close();
                return null;
            };
        }
        if (!model.entries().contains(entry)) {
            throw new IllegalArgumentException("%s has a method %s, and %s has no such entry; it has %s".formatted(
                    method.getDeclaringClass().getName(), entry, model.modelName(), model.entries()));
        }
        List<TensorInfo> inputs = model.inputs(entry);
        List<TensorInfo> outputs = model.outputs(entry);
        List<Class<?>> parameters = List.of(method.getParameterTypes());
        Class<?> result = method.getReturnType();
        boolean tensors = parameters.stream().allMatch(NativeTensor.class::equals);
        if (tensors && result == void.class && parameters.size() == inputs.size() + outputs.size()) {
            return arguments -> {
                model.run(entry, tensors(arguments, 0, inputs.size()), tensors(arguments, inputs.size(), arguments.length));
                return null;
            };
        }
        if (tensors && parameters.size() == inputs.size() && returnsTensors(result, outputs)) {
            return arguments -> {
                NativeTensor[] results = model.run(entry, tensors(arguments, 0, arguments.length));
                return result.isArray() ? results : results[0];
            };
        }
        if (parameters.equals(inputs.stream().map(NestedArrays::typeOf).toList()) && returnsArrays(result, outputs)) {
            return arguments -> {
                Object[] results = model.call(entry, arguments);
                return result == Object[].class ? results : results[0];
            };
        }
        throw unfit(method, inputs, outputs);
    }

    private static boolean returnsTensors(Class<?> result, List<TensorInfo> outputs) {
        return result == NativeTensor[].class || result == NativeTensor.class && outputs.size() == 1;
    }

    private static boolean returnsArrays(Class<?> result, List<TensorInfo> outputs) {
        return result == Object[].class || outputs.size() == 1 && result == NestedArrays.typeOf(outputs.getFirst());
    }

    private static NativeTensor[] tensors(Object[] arguments, int from, int to) {
        return Arrays.copyOfRange(arguments, from, to, NativeTensor[].class);
    }

    private static IllegalArgumentException unfit(Method method, List<TensorInfo> inputs, List<TensorInfo> outputs) {
        String arrays = text(inputs.stream().<Class<?>>map(NestedArrays::typeOf).toList());
        String result = outputs.size() == 1 ? NestedArrays.typeOf(outputs.getFirst()).getSimpleName() : "Object[]";
        return new IllegalArgumentException("%s.%s %s %s does not fit the entry, which takes %s and gives %s: declare %s %s(%s), or the same with NativeTensor"
                .formatted(method.getDeclaringClass().getName(), method.getName(),
                        "(" + text(List.of(method.getParameterTypes())) + ")", "returning " + method.getReturnType().getSimpleName(),
                        inputs, outputs, result, method.getName(), arrays));
    }

    private static String text(List<Class<?>> types) {
        String text = MethodType.methodType(void.class, types).toString();
        return text.substring(1, text.indexOf(')'));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        Action action = actions.get(method);
        if (action != null) {
            return action.run(arguments == null ? new Object[0] : arguments);
        }
        if (method.isDefault()) {
            return InvocationHandler.invokeDefault(proxy, method, arguments);
        }
        return switch (method.getName()) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> model.toString();
        };
    }
}
