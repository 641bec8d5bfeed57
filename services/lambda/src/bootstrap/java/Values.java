package passo;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a handler takes and gives, made of JSON and made into it: setters and getters, public fields, collections. */
final class Values {
    private Values() {}

    static Object read(Object value, Type type) throws ReflectiveOperationException {
        if (type instanceof ParameterizedType) {
            ParameterizedType generic = (ParameterizedType) type;
            return read(value, (Class<?>) generic.getRawType(), generic.getActualTypeArguments());
        }
        return read(value, type instanceof Class ? (Class<?>) type : Object.class, new Type[0]);
    }

    private static Object read(Object value, Class<?> type, Type[] parts) throws ReflectiveOperationException {
        if (value == null && !type.isPrimitive()) {
            return null;
        }
        if (type == Object.class) {
            return value;
        }
        if (Map.class.isAssignableFrom(type)) {
            Map<String, Object> map = new LinkedHashMap<>();
            Map<?, ?> members = cast(value, Map.class, type);
            for (Map.Entry<?, ?> entry : members.entrySet()) {
                map.put(String.valueOf(entry.getKey()), read(entry.getValue(), parts.length == 2 ? parts[1] : Object.class));
            }
            return map;
        }
        if (Iterable.class.isAssignableFrom(type)) {
            Collection<Object> items = Set.class.isAssignableFrom(type) ? new LinkedHashSet<>() : new ArrayList<>();
            List<?> given = cast(value, List.class, type);
            for (Object item : given) {
                items.add(read(item, parts.length == 1 ? parts[0] : Object.class));
            }
            return items;
        }
        if (type.isArray()) {
            List<?> items = cast(value, List.class, type);
            Object array = Array.newInstance(type.getComponentType(), items.size());
            for (int at = 0; at < items.size(); at++) {
                Array.set(array, at, read(items.get(at), type.getComponentType()));
            }
            return array;
        }
        Object scalar = scalar(value, type);
        return scalar == null ? bean(cast(value, Map.class, type), type) : scalar;
    }

    /** A text, a number, a truth value or a constant; none where the type is none of these. */
    private static Object scalar(Object value, Class<?> type) {
        if (type == String.class || type == CharSequence.class) {
            if (value instanceof Map || value instanceof List) {
                throw refused(value, type);
            }
            return value.toString();
        }
        if (type == boolean.class || type == Boolean.class) {
            return cast(value, Boolean.class, type);
        }
        if (type.isEnum()) {
            for (Object constant : type.getEnumConstants()) {
                if (((Enum<?>) constant).name().equals(value)) {
                    return constant;
                }
            }
            throw refused(value, type);
        }
        if (!type.isPrimitive() && !Number.class.isAssignableFrom(type)) {
            return null;
        }
        BigDecimal number;
        try {
            number = new BigDecimal(String.valueOf(value));
        } catch (NumberFormatException error) {
            throw refused(value, type);
        }
        switch (type.getSimpleName()) {
            case "int": case "Integer": return number.intValue();
            case "long": case "Long": return number.longValue();
            case "double": case "Double": return number.doubleValue();
            case "float": case "Float": return number.floatValue();
            case "short": case "Short": return number.shortValue();
            case "byte": case "Byte": return number.byteValue();
            case "BigInteger": return number.toBigInteger();
            case "BigDecimal": return number;
            default: return value;
        }
    }

    private static Object bean(Map<?, ?> members, Class<?> type) throws ReflectiveOperationException {
        List<Method> components = components(type);
        if (components != null) {
            Class<?>[] types = components.stream().map(Method::getReturnType).toArray(Class<?>[]::new);
            Object[] given = new Object[types.length];
            for (int at = 0; at < types.length; at++) {
                Method component = components.get(at);
                given[at] = read(members.get(component.getName()), component.getGenericReturnType());
            }
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(given);
        }
        Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        Object bean = constructor.newInstance();
        for (Method method : type.getMethods()) {
            String name = method.getName();
            if (name.startsWith("set") && name.length() > 3 && method.getParameterCount() == 1) {
                String member = small(name.substring(3));
                if (members.containsKey(member)) {
                    method.setAccessible(true);
                    method.invoke(bean, read(members.get(member), method.getGenericParameterTypes()[0]));
                }
            }
        }
        for (Field field : type.getFields()) {
            if (members.containsKey(field.getName()) && (field.getModifiers() & (Modifier.STATIC | Modifier.FINAL)) == 0) {
                field.setAccessible(true);
                field.set(bean, read(members.get(field.getName()), field.getGenericType()));
            }
        }
        return bean;
    }

    /** A result as maps, lists and scalars. */
    static Object plain(Object value) throws ReflectiveOperationException {
        return plain(value, 0);
    }

    private static Object plain(Object value, int depth) throws ReflectiveOperationException {
        if (depth > 500) {
            throw new Bootstrap.Refused("Runtime.MarshalError", "the result is nested too deeply");
        }
        if (value == null || value instanceof String || value instanceof Number || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Map) {
            Map<String, Object> map = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                map.put(String.valueOf(entry.getKey()), plain(entry.getValue(), depth + 1));
            }
            return map;
        }
        List<Object> items = new ArrayList<>();
        if (value instanceof Iterable) {
            for (Object item : (Iterable<?>) value) {
                items.add(plain(item, depth + 1));
            }
            return items;
        }
        if (value.getClass().isArray()) {
            for (int at = 0; at < Array.getLength(value); at++) {
                items.add(plain(Array.get(value, at), depth + 1));
            }
            return items;
        }
        if (value.getClass().getName().startsWith("java.") || value instanceof Enum) {
            return value.toString();
        }
        return members(value, depth);
    }

    private static Map<String, Object> members(Object bean, int depth) throws ReflectiveOperationException {
        Map<String, Object> members = new LinkedHashMap<>();
        List<Method> components = components(bean.getClass());
        if (components != null) {
            for (Method component : components) {
                component.setAccessible(true);
                members.put(component.getName(), plain(component.invoke(bean), depth + 1));
            }
            return members;
        }
        for (Method method : bean.getClass().getMethods()) {
            String name = method.getName();
            int prefix = name.startsWith("get") ? 3 : name.startsWith("is") && method.getReturnType() == boolean.class ? 2 : 0;
            boolean isGetter = prefix > 0 && name.length() > prefix && method.getParameterCount() == 0;
            if (isGetter && method.getDeclaringClass() != Object.class && !Modifier.isStatic(method.getModifiers())) {
                method.setAccessible(true);
                members.put(small(name.substring(prefix)), plain(method.invoke(bean), depth + 1));
            }
        }
        for (Field field : bean.getClass().getFields()) {
            if (!Modifier.isStatic(field.getModifiers()) && !members.containsKey(field.getName())) {
                field.setAccessible(true);
                members.put(field.getName(), plain(field.get(bean), depth + 1));
            }
        }
        return members;
    }

    /** The accessors of a record, in order. Found by name: this has to compile for versions without records. */
    private static List<Method> components(Class<?> type) throws ReflectiveOperationException {
        if (type.getSuperclass() == null || !type.getSuperclass().getName().equals("java.lang.Record")) {
            return null;
        }
        List<Method> accessors = new ArrayList<>();
        for (Object component : (Object[]) Class.class.getMethod("getRecordComponents").invoke(type)) {
            accessors.add((Method) component.getClass().getMethod("getAccessor").invoke(component));
        }
        return accessors;
    }

    private static String small(String name) {
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }

    private static <T> T cast(Object value, Class<T> wanted, Class<?> type) {
        if (!wanted.isInstance(value)) {
            throw refused(value, type);
        }
        return wanted.cast(value);
    }

    private static Bootstrap.Refused refused(Object value, Class<?> type) {
        String given = value == null ? "null" : value.getClass().getSimpleName();
        return new Bootstrap.Refused("Runtime.UnmarshalError",
                "An error occurred during JSON parsing: " + type.getName() + " cannot be made of " + given);
    }
}
