package org.coppice.testkit.pit;

/**
 * One change that PIT made, as the list of survivors names it. The line number is for whoever looks it up; the text of the line is
 * what tells it again after other lines have moved.
 *
 * @param place class and method, without {@code org.coppice.mls.}
 * @param line from 1
 * @param change what was done, in PIT's words
 * @param source the line that was changed
 */
record Mutant(String place, int line, String change, String source) {
    private static final String SEPARATOR = "\t";

    static Mutant parse(String text) {
        String[] fields = text.split(SEPARATOR, -1);
        if (fields.length != 4) {
            throw new IllegalArgumentException("not place, line, change and source: " + text);
        }
        return new Mutant(fields[0], Integer.parseInt(fields[1]), fields[2], fields[3]);
    }

    boolean isSameAs(Mutant other) {
        return place.equals(other.place) && change.equals(other.change) && source.equals(other.source);
    }

    @Override
    public String toString() {
        return String.join(SEPARATOR, place, Integer.toString(line), change, source);
    }
}
