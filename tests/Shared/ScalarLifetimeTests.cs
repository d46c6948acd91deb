using Mono.Cecil;
using Mono.Cecil.Cil;
using TorchSharp;

namespace Tweedie.Tests;

/// <summary>
/// No direct call of ours, in the libraries, these tests, the samples or the benchmarks, makes TorchSharp pass libtorch the address of a number that nothing keeps alive
/// (<see cref="TensorArithmetic"/>). This excludes conversions that no variable holds, and methods of TorchSharp that convert inside.
/// </summary>
public sealed class ScalarLifetimeTests
{
    // This program of tests, the libraries beside it, and the samples and benchmarks where they are built: all are built with the solution.
    private static readonly string[] Ours = [.. Directory.GetFiles(AppContext.BaseDirectory, "Tweedie*.dll"), .. Programs("samples"), .. Programs("bench")];

    [Fact]
    public void Every_number_outlives_the_call_that_reads_it()
    {
        var converting = MethodsThatConvert(ModuleDefinition.ReadModule(typeof(torch).Assembly.Location));
        converting.Should().Contain(name => name.Contains("op_Addition", StringComparison.Ordinal)).And.HaveCountGreaterThan(100);
        Ours.Should().Contain([typeof(ScalarLifetimeTests).Assembly.Location, typeof(TensorArithmetic).Assembly.Location]);

        var unsafeCalls = Ours.SelectMany(path => Methods(ModuleDefinition.ReadModule(path))).SelectMany(method => method.Body.Instructions
            .Where(instruction => instruction.Operand is MethodReference called
                && (IsConversion(called) ? !IsKept(instruction.Next, method.Body) : converting.Contains(Name(called))))
            .Select(instruction => $"{method.FullName} calls {instruction.Operand}"));

        string.Join('\n', unsafeCalls).Should().BeEmpty();
    }

    private static IEnumerable<string> Programs(string folder) =>
        Directory.GetDirectories(Path.Combine(Shared.RepositoryRoot, folder)).Select(Shared.Built).Where(File.Exists);

    // Methods that make a Scalar themselves, or call one that does.
    private static HashSet<string> MethodsThatConvert(ModuleDefinition torchSharp)
    {
        var callers = Methods(torchSharp).Where(method => method.DeclaringType.Name is not (nameof(Scalar) or nameof(ScalarExtensionMethods)))
            .SelectMany(method => method.Body.Instructions.Select(instruction => instruction.Operand).OfType<MethodReference>()
                .Select(called => (Called: called, Caller: Name(method)))).ToList();
        var byCalled = callers.ToLookup(call => Name(call.Called), call => call.Caller);
        var found = new HashSet<string>();
        var open = new Queue<string>(callers.Where(call => IsConversion(call.Called)).Select(call => call.Caller));
        while (open.TryDequeue(out var name))
        {
            if (!found.Add(name))
                continue;
            foreach (var caller in byCalled[name])
                open.Enqueue(caller);
        }
        return found;
    }

    private static bool IsConversion(MethodReference called) =>
        (called.DeclaringType.FullName == typeof(Scalar).FullName && called.Name is "op_Implicit" or ".ctor")
        || called.Name == "ToScalar";

    // The Scalar is in a static field, or in a variable that is disposed of at the end, so it lives until then.
    private static bool IsKept(Instruction next, MethodBody body) => next.OpCode == OpCodes.Stsfld
        || (Variable(next, "stloc", body) is { } kept && body.Instructions.Any(instruction =>
            instruction.Operand is MethodReference { Name: "Dispose" } && Variable(instruction.Previous, "ldloc", body) == kept));

    private static VariableDefinition? Variable(Instruction instruction, string kind, MethodBody body) =>
        !instruction.OpCode.Name.StartsWith(kind, StringComparison.Ordinal) ? null
        : instruction.Operand as VariableDefinition ?? body.Variables[instruction.OpCode.Name[^1] - '0'];

    private static IEnumerable<MethodDefinition> Methods(ModuleDefinition module) =>
        module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody);

    // In a generic type, overloads with equally many parameters count as one.
    private static string Name(MethodReference method) => method.DeclaringType.HasGenericParameters || method.DeclaringType.IsGenericInstance
        ? $"{method.DeclaringType.GetElementType().FullName}::{method.Name}/{method.Parameters.Count}" : method.GetElementMethod().FullName;
}
