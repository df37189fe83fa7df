package io.toroid.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Lets calls in until it is closed, and closes when the last of them has left. Entering and leaving are one atomic addition each and
 * allocate nothing.
 */
final class CallGate {
    private static final int CLOSED = Integer.MIN_VALUE;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(CallGate.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The number of calls inside, plus {@link #CLOSED} once closed. */
    private volatile int state;

    /** Whether the call may go on; if so it must {@link #leave}. */
    boolean enter() {
        if ((int) STATE.getAndAdd(this, 1) >= 0) {
            return true;
        }
        leave();
        return false;
    }

    void leave() {
        if ((int) STATE.getAndAdd(this, -1) - 1 == CLOSED) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    boolean isClosed() {
        return state < 0;
    }

    /** Refuses further calls and waits for those inside; false, at once, if another close came first. */
    boolean close() {
        if ((int) STATE.getAndBitwiseOr(this, CLOSED) < 0) {
            return false;
        }
        boolean interrupted = false;
        synchronized (this) {
            while (state != CLOSED) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return true;
    }
}
