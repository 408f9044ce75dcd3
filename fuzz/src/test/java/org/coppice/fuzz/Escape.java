package org.coppice.fuzz;

/** What must not happen, whatever the input. */
public final class Escape extends AssertionError {
    private static final long serialVersionUID = 1L;

    public Escape(String what) {
        super(what);
    }

    public Escape(String what, Throwable cause) {
        super(what, cause);
    }
}
