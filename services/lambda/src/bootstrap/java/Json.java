package passo;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON as maps, lists, strings, numbers, booleans and null. */
final class Json {
    private static final int DEPTH_MAX = 500;

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    static Object parse(String text) {
        Json json = new Json(text);
        Object value = json.value(0);
        json.space();
        if (json.at < text.length()) {
            throw json.wrong();
        }
        return value;
    }

    static String write(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private Object value(int depth) {
        if (depth > DEPTH_MAX) {
            throw new Bootstrap.Refused("Runtime.UnmarshalError", "the event is nested too deeply");
        }
        space();
        if (at >= text.length()) {
            throw wrong();
        }
        char first = text.charAt(at);
        if (first == '{') {
            return object(depth);
        }
        if (first == '[') {
            return array(depth);
        }
        if (first == '"') {
            return string();
        }
        for (String word : new String[] {"true", "false", "null"}) {
            if (text.startsWith(word, at)) {
                at += word.length();
                return first == 'n' ? null : (Object) (first == 't');
            }
        }
        return number();
    }

    private Map<String, Object> object(int depth) {
        Map<String, Object> object = new LinkedHashMap<>();
        at++;
        for (boolean first = true; !closes('}', first); first = false) {
            space();
            String key = string();
            space();
            expect(':');
            object.put(key, value(depth + 1));
        }
        return object;
    }

    private List<Object> array(int depth) {
        List<Object> array = new ArrayList<>();
        at++;
        for (boolean first = true; !closes(']', first); first = false) {
            array.add(value(depth + 1));
        }
        return array;
    }

    /** Whether a list ends here; otherwise goes to its next item. */
    private boolean closes(char end, boolean first) {
        space();
        if (at < text.length() && text.charAt(at) == end) {
            at++;
            return true;
        }
        if (!first) {
            expect(',');
        }
        return false;
    }

    private String string() {
        expect('"');
        StringBuilder out = new StringBuilder();
        while (at < text.length()) {
            char next = text.charAt(at++);
            if (next == '"') {
                return out.toString();
            }
            if (next != '\\') {
                out.append(next);
                continue;
            }
            char escaped = at < text.length() ? text.charAt(at++) : 0;
            int known = "bfnrt".indexOf(escaped);
            if (known >= 0) {
                out.append("\b\f\n\r\t".charAt(known));
            } else if (escaped == 'u' && at + 4 <= text.length()) {
                out.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
                at += 4;
            } else {
                out.append(escaped);
            }
        }
        throw wrong();
    }

    private Number number() {
        int start = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String digits = text.substring(start, at);
        try {
            boolean whole = digits.chars().noneMatch(c -> c == '.' || c == 'e' || c == 'E');
            if (!whole) {
                return Double.valueOf(digits);
            }
            BigDecimal number = new BigDecimal(digits);
            if (number.precision() < 10) {
                return number.intValueExact();
            }
            return number.precision() < 19 ? (Number) number.longValueExact() : number.toBigInteger();
        } catch (NumberFormatException error) {
            throw wrong();
        }
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private void expect(char wanted) {
        if (at >= text.length() || text.charAt(at) != wanted) {
            throw wrong();
        }
        at++;
    }

    private Bootstrap.Refused wrong() {
        return new Bootstrap.Refused("Runtime.UnmarshalError", "the event is no JSON at character " + at);
    }

    private static void write(Object value, StringBuilder out) {
        if (value instanceof Map) {
            char before = '{';
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                out.append(before);
                quote(String.valueOf(entry.getKey()), out);
                out.append(':');
                write(entry.getValue(), out);
                before = ',';
            }
            out.append(before == '{' ? "{}" : "}");
        } else if (value instanceof Iterable) {
            char before = '[';
            for (Object item : (Iterable<?>) value) {
                out.append(before);
                write(item, out);
                before = ',';
            }
            out.append(before == '[' ? "[]" : "]");
        } else if (value == null || value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Number && !isStrange((Number) value)) {
            out.append(value);
        } else {
            quote(value.toString(), out);
        }
    }

    /** NaN and infinity have no form in JSON; Jackson writes them as strings, and so AWS's runtime does. */
    private static boolean isStrange(Number number) {
        double value = number.doubleValue();
        boolean isFloating = number instanceof Double || number instanceof Float;
        return isFloating && (Double.isNaN(value) || Double.isInfinite(value));
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int at = 0; at < text.length(); at++) {
            char next = text.charAt(at);
            if (next == '"' || next == '\\') {
                out.append('\\').append(next);
            } else if (next < ' ' || Character.isSurrogate(next) && !isPaired(text, at)) {
                out.append(String.format("\\u%04x", (int) next));
            } else {
                out.append(next);
            }
        }
        out.append('"');
    }

    private static boolean isPaired(String text, int at) {
        char here = text.charAt(at);
        return Character.isHighSurrogate(here)
                ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    }
}
