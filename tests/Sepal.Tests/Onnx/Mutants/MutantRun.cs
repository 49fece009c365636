using Sepal.Costs;
using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Sepal.Onnx;
using Sepal.Onnx.Files;
using Sepal.Onnx.Import;
using Sepal.Onnx.Protocol;
using Xunit;

namespace Sepal.Tests.Onnx.Mutants;

/// <summary>Reads a file that is not to be trusted, counts it, and runs it if it is small.</summary>
internal static class MutantRun
{
    // What a caller who does not trust the file would allow. Beyond, running would measure the machine, not the code.
    private const long MostMacs = 5_000_000_000;
    private const long MostBytes = 512L << 20;

    /// <summary>Reads and runs.</summary>
    /// <returns>Whether there was a result; otherwise a clear error, or too much work.</returns>
    public static bool Try(byte[] bytes)
    {
        try
        {
            ModelProto model = OnnxFile.Read(bytes);
            ImportedGraph imported = GraphImporter.Import(
                model, NoExternalData.Instance, new ImportOptions { MemoryLimit = MostBytes }, new ImportRequest { Border = TensorLayout.Planar });
            return Run(imported.Graph);
        }
        catch (SepalException)
        {
            return false;
        }
    }

    private static bool Run(Graph graph)
    {
        Dictionary<string, long> symbols = graph.Inputs.SelectMany(input => input.Shape)
            .Where(dimension => !dimension.IsKnown).Select(dimension => dimension.ToString()).Distinct().ToDictionary(name => name, _ => 1L);
        ModelCost cost = new GraphCounter(graph, batch: 1, symbols).Count();
        if (cost.MultiplyAccumulates + cost.ElementOperations > MostMacs || cost.BytesRead + cost.BytesWritten > MostBytes)
        {
            return false;
        }

        using var store = new ParameterStore(graph);
        store.Initialize(0);
        ForwardPlan forward = PlanCompiler.CompileInference(graph, store, symbols);
        if (forward.Plan.ArenaBytes + forward.Plan.PreparedBytes + forward.Plan.ScratchBytes > MostBytes)
        {
            return false;
        }

        using var context = new RunContext(forward.Plan, threads: 1);
        using var prepared = new AlignedMemory(forward.Plan.PreparedBytes);
        store.Bind(context);
        context.Bind(MemorySpace.Prepared, prepared);
        Executor.Run(forward.Plan.Preparation, context, TestContext.Current.CancellationToken);
        Executor.Run(forward.Plan.Steps, context, TestContext.Current.CancellationToken);
        return true;
    }
}
