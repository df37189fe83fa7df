package io.toroid.runtime.ffi;

import java.lang.foreign.MemorySegment;

/**
 * Asks the JVM's leave to call native code, before anything else does, so that a refusal can be explained. Only the application can
 * give it, by a flag; a library cannot.
 */
@SuppressWarnings("restricted")
final class NativeAccess {
    private NativeAccess() {}

    static void require() {
        try {
            MemorySegment.NULL.reinterpret(0);
        } catch (IllegalCallerException e) {
            throw new NativeException(refusal(NativeAccess.class.getModule()), e);
        }
    }

    private static String refusal(Module module) {
        String name = module.isNamed() ? module.getName() : "ALL-UNNAMED";
        String place = module.isNamed() ? "module " + name : "the class path";
        return "compiled models are native code, and this JVM does not allow %s to call it: start java with --enable-native-access=%s"
                .formatted(place, name);
    }
}
