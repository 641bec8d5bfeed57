package passo;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs one Lambda function written in Java against the Lambda Runtime API: one process, one invocation at a time. Handlers are
 * classes with {@code handleRequest}, or {@code Class::method}; interfaces of aws-lambda-java-core are found by name, since the
 * function brings its own copy of them.
 */
public final class Bootstrap {
    private static final String CONTEXT = "com.amazonaws.services.lambda.runtime.Context";
    private static final String LOGGER = "com.amazonaws.services.lambda.runtime.LambdaLogger";

    private final Handler handler;
    private final Api api;

    private Bootstrap(Api api, Handler handler) {
        this.api = api;
        this.handler = handler;
    }

    public static void main(String[] arguments) throws Exception {
        Api api = new Api(System.getenv("AWS_LAMBDA_RUNTIME_API"));
        Handler handler;
        try {
            handler = Handler.load(System.getenv("_HANDLER"));
        } catch (Throwable error) {
            Map<String, Object> document = describe(error);
            System.out.println(Json.write(document));
            api.post("/runtime/init/error", bytes(Json.write(document)), String.valueOf(document.get("errorType")));
            System.exit(1);
            return;
        }
        Bootstrap bootstrap = new Bootstrap(api, handler);
        while (true) {
            bootstrap.once();
        }
    }

    private void once() throws IOException {
        Answer next = api.call("GET", "/runtime/invocation/next", null, "");
        String id = next.headers.get("lambda-runtime-aws-request-id");
        String path = "/runtime/invocation/" + id;
        String trace = next.headers.get("lambda-runtime-trace-id");
        if (trace != null) {
            // An environment cannot be changed in Java; this property is what AWS's X-Ray SDK reads.
            System.setProperty("com.amazonaws.xray.traceHeader", trace);
        }
        byte[] result;
        try {
            result = handler.handle(next.body, context(next.headers));
        } catch (Throwable error) {
            Throwable cause = error instanceof InvocationTargetException ? error.getCause() : error;
            Map<String, Object> document = describe(cause);
            cause.printStackTrace(System.out);
            api.post(path + "/error", bytes(Json.write(document)), String.valueOf(document.get("errorType")));
            if (cause instanceof VirtualMachineError) {
                System.exit(1);
            }
            return;
        }
        api.post(path + "/response", result, null);
    }

    /** A failure as Lambda shows it. */
    private static Map<String, Object> describe(Throwable error) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("errorMessage", error.getMessage());
        document.put("errorType", error instanceof Refused ? ((Refused) error).type : error.getClass().getName());
        List<Object> trace = new ArrayList<>();
        for (StackTraceElement element : error.getStackTrace()) {
            String owner = element.getClassName();
            if (owner.startsWith("passo.") || owner.startsWith("jdk.internal.reflect.")) {
                break;
            }
            trace.add(owner + "." + element.getMethodName() + "(" + place(element) + ")");
        }
        if (!(error instanceof Refused)) {
            document.put("stackTrace", trace);
        }
        if (error.getCause() != null && error.getCause() != error) {
            document.put("cause", describe(error.getCause()));
        }
        return document;
    }

    private static String place(StackTraceElement element) {
        if (element.isNativeMethod()) {
            return "Native Method";
        }
        String file = element.getFileName() == null ? "Unknown Source" : element.getFileName();
        return element.getLineNumber() < 0 ? file : file + ":" + element.getLineNumber();
    }

    /** The context object, for the interface that the function knows; none where it knows none. */
    private static Object context(Map<String, String> headers) {
        Class<?> type = find(CONTEXT);
        if (type == null) {
            return null;
        }
        long deadline = Long.parseLong(headers.getOrDefault("lambda-runtime-deadline-ms", "0"));
        Object logger = logger();
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, given) -> {
            switch (method.getName()) {
                case "getAwsRequestId": return headers.get("lambda-runtime-aws-request-id");
                case "getLogGroupName": return System.getenv("AWS_LAMBDA_LOG_GROUP_NAME");
                case "getLogStreamName": return System.getenv("AWS_LAMBDA_LOG_STREAM_NAME");
                case "getFunctionName": return System.getenv("AWS_LAMBDA_FUNCTION_NAME");
                case "getFunctionVersion": return System.getenv("AWS_LAMBDA_FUNCTION_VERSION");
                case "getInvokedFunctionArn": return headers.get("lambda-runtime-invoked-function-arn");
                case "getRemainingTimeInMillis": return (int) Math.max(0, deadline - System.currentTimeMillis());
                case "getMemoryLimitInMB": return Integer.parseInt(System.getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"));
                case "getLogger": return logger;
                case "toString": return "LambdaContext[" + headers.get("lambda-runtime-aws-request-id") + "]";
                case "hashCode": return System.identityHashCode(self);
                case "equals": return self == given[0];
                default: return null;
            }
        });
    }

    private static Object logger() {
        Class<?> type = find(LOGGER);
        if (type == null) {
            return null;
        }
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, given) -> {
            if (method.getName().equals("log") && given != null && given.length > 0) {
                Object message = given[0];
                System.out.println(message instanceof byte[] ? new String((byte[]) message, StandardCharsets.UTF_8) : message);
            }
            return null;
        });
    }

    private static Class<?> find(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException error) {
            return null;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** An error whose type is not the name of its class. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        final String type;

        Refused(String type, String message) {
            super(message);
            this.type = type;
        }
    }

    /** What is called for an event. */
    private static final class Handler {
        private final Object instance;
        private final Method method;

        private Handler(Object instance, Method method) {
            this.instance = instance;
            this.method = method;
        }

        static Handler load(String name) throws Throwable {
            int colons = name.indexOf("::");
            String className = colons < 0 ? name : name.substring(0, colons);
            String methodName = colons < 0 ? "handleRequest" : name.substring(colons + 2);
            Class<?> type;
            try {
                type = Class.forName(className);
            } catch (ClassNotFoundException error) {
                throw new Refused("java.lang.ClassNotFoundException", "Class not found: " + className);
            }
            Method found = null;
            for (Method method : type.getMethods()) {
                boolean better = found == null || method.getParameterCount() > found.getParameterCount();
                if (method.getName().equals(methodName) && !method.isBridge() && better) {
                    found = method;
                }
            }
            if (found == null) {
                throw new Refused("java.lang.NoSuchMethodException",
                        "No public method named " + methodName + " with appropriate method signature found on class " + className);
            }
            found.setAccessible(true);
            try {
                boolean isStatic = Modifier.isStatic(found.getModifiers());
                return new Handler(isStatic ? null : type.getConstructor().newInstance(), found);
            } catch (NoSuchMethodException error) {
                throw new Refused("java.lang.NoSuchMethodException",
                        "Class " + className + " has no public zero-argument constructor");
            } catch (InvocationTargetException error) {
                throw error.getCause();
            }
        }

        byte[] handle(byte[] event, Object context) throws Exception {
            Type[] types = method.getGenericParameterTypes();
            Class<?>[] classes = method.getParameterTypes();
            Object[] given = new Object[classes.length];
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (int at = 0; at < classes.length; at++) {
                if (classes[at].getName().equals(CONTEXT)) {
                    given[at] = context;
                } else if (classes[at] == InputStream.class) {
                    given[at] = new ByteArrayInputStream(event);
                } else if (classes[at] == OutputStream.class) {
                    given[at] = out;
                } else {
                    given[at] = Values.read(Json.parse(new String(event, StandardCharsets.UTF_8)), types[at]);
                }
            }
            Object result = method.invoke(instance, given);
            if (method.getReturnType() == void.class) {
                return out.size() == 0 && classes.length < 2 ? bytes("null") : out.toByteArray();
            }
            return bytes(Json.write(Values.plain(result)));
        }
    }

    /** A response of the Runtime API. */
    private static final class Answer {
        int status;
        final Map<String, String> headers = new LinkedHashMap<>();
        byte[] body = new byte[0];
    }

    /** A client with one connection. */
    private static final class Api {
        private final String address;
        private final InputStream in;
        private final OutputStream out;

        Api(String address) throws IOException {
            this.address = address;
            int colon = address.lastIndexOf(':');
            Socket socket = new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
            out = socket.getOutputStream();
        }

        void post(String path, byte[] body, String errorType) throws IOException {
            String header = errorType == null ? "" : "Lambda-Runtime-Function-Error-Type: " + errorType.replaceAll("[^ -~]", "?") + "\r\n";
            call("POST", path, body, header);
        }

        Answer call(String method, String path, byte[] body, String headers) throws IOException {
            int length = body == null ? 0 : body.length;
            String head = method + " /2018-06-01" + path + " HTTP/1.1\r\nHost: " + address + "\r\nContent-Type: application/json\r\n"
                    + headers + "Content-Length: " + length + "\r\n\r\n";
            ByteArrayOutputStream whole = new ByteArrayOutputStream(head.length() + length);
            whole.write(head.getBytes(StandardCharsets.ISO_8859_1));
            if (body != null) {
                whole.write(body);
            }
            whole.writeTo(out);
            out.flush();
            Answer answer = new Answer();
            answer.status = Integer.parseInt(line().split(" ")[1]);
            for (String line = line(); !line.isEmpty(); line = line()) {
                int colon = line.indexOf(':');
                answer.headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim());
            }
            int expected = Integer.parseInt(answer.headers.getOrDefault("content-length", "0"));
            answer.body = in.readNBytes(expected);
            return answer;
        }

        private String line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0) {
                    // The server is gone, and with it the reason to live.
                    Runtime.getRuntime().halt(1);
                }
                if (next != '\r') {
                    line.write(next);
                }
            }
            return line.toString(StandardCharsets.UTF_8);
        }
    }
}
