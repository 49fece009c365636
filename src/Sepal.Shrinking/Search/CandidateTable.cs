using System.Collections.Immutable;
using System.Globalization;
using Sepal.Costs;
using Sepal.Graphs;
using Sepal.Operators;
using Sepal.Shrinking.Timing;

namespace Sepal.Shrinking.Search;

/// <summary>Lists what could stand in the place of each convolution, times it, and keeps what is faster.</summary>
/// <param name="model">The network.</param>
/// <param name="options">Forms, ranks, and how times are taken.</param>
internal sealed class CandidateTable(Model model, ShrinkOptions options)
{
    // What gains less than this is within the noise of a measurement.
    private const double LeastGain = 0.03;

    private readonly Dictionary<(string Node, DecouplingForm Form), KernelDecomposition> _decompositions = [];
    private readonly LayerTimer _timer = new(options.TimedBatch, options.Threads, options.SecondsPerLayer);

    /// <summary>The kernels of a candidate.</summary>
    public DecoupledKernel Kernel(string node, DecouplingForm form, int rank) => Decomposition(node, form).Truncate(rank);

    /// <summary>Goes through all convolutions.</summary>
    /// <param name="cancellation">Ends it between two runs.</param>
    /// <returns>The layers in graph order; losses are not known yet.</returns>
    public ImmutableArray<SearchLayer> Build(CancellationToken cancellation)
    {
        Node[] nodes = [.. model.Graph.Nodes.Where(node => node.Operator is Convolution or ConvolutionTranspose)];
        var costs = ModelCost.Of(model.Graph).Nodes.ToDictionary(node => node.Name, StringComparer.Ordinal);
        if (options.Keep.FirstOrDefault(name => !nodes.Any(node => node.Name == name)) is { } unknown)
        {
            throw new ShrinkException(
                $"The network has no convolution '{unknown}' to keep. Its convolutions: {string.Join(", ", nodes.Select(node => node.Name))}.");
        }

        return [.. nodes.Select((node, index) =>
        {
            cancellation.ThrowIfCancellationRequested();
            options.Progress?.Invoke(new ShrinkProgress(ShrinkStage.Timing, node.Name, index, nodes.Length));
            return Layer(node, costs[node.Name], cancellation);
        })];
    }

    private SearchLayer Layer(Node node, NodeCost cost, CancellationToken cancellation)
    {
        var layer = new SearchLayer
        {
            Name = node.Name,
            Original = new CandidateFigures(cost.MultiplyAccumulates, cost.TotalParameters, 0, 0),
            ReasonToKeep = options.Keep.Contains(node.Name) ? "kept as asked" : DecouplingRewrite.ReasonToKeep(model, node.Name),
        };
        if (layer.ReasonToKeep is not null)
        {
            return layer;
        }

        ImmutableArray<LayerCandidate> untimed = Untimed(node, layer.Original);
        if (untimed.IsEmpty)
        {
            return layer with { ReasonToKeep = "every separable form takes as many multiply-adds or more" };
        }

        ImmutableArray<double> times = _timer.Measure(
            model, node.Name, [.. untimed.Select(candidate => Kernel(node.Name, candidate.Form, candidate.Rank))], cancellation);
        LayerCandidate[] timed = [.. untimed.Select((candidate, index) => candidate with
        {
            Figures = candidate.Figures with { Milliseconds = times[index + 1] },
        })];
        LayerCandidate[] faster = [.. timed.Where(candidate => candidate.Figures.Milliseconds <= times[0] * (1 - LeastGain))];
        LayerCandidate fastest = timed.MinBy(candidate => candidate.Figures.Milliseconds)!;
        return layer with
        {
            IsTimed = true,
            Original = layer.Original with { Milliseconds = times[0] },
            Candidates = [.. faster.Where(candidate => !faster.Any(candidate.IsBeatenBy))],
            ReasonToKeep = faster.Length > 0 ? null : string.Create(
                CultureInfo.InvariantCulture,
                $"no separable form is faster: the fastest ({Describe(fastest)}) takes {fastest.Figures.Milliseconds:0.0000} ms, the layer {times[0]:0.0000}"),
        };
    }

    private static string Describe(LayerCandidate candidate) => string.Create(CultureInfo.InvariantCulture, $"{Names.Of(candidate.Form)}, rank {candidate.Rank}");

    private ImmutableArray<LayerCandidate> Untimed(Node node, CandidateFigures original)
    {
        var candidates = ImmutableArray.CreateBuilder<LayerCandidate>();
        long outputPixels = Pixels(node.Output.Shape);
        long inputPixels = Pixels(node.Inputs[0].Shape);
        long bias = node.Inputs.Skip(2).Sum(value => value.Shape.ElementCount.Value);
        foreach (DecouplingForm form in options.Forms.Distinct())
        {
            KernelDecomposition decomposition = Decomposition(node.Name, form);
            for (int rank = 1; rank <= Math.Min(decomposition.FullRank, options.MaximumRank); rank++)
            {
                long macs = decomposition.MultiplyAccumulates(rank, outputPixels, inputPixels);
                if (macs < original.MultiplyAccumulates)
                {
                    candidates.Add(new LayerCandidate
                    {
                        Form = form,
                        Rank = rank,
                        ReconstructionError = decomposition.RelativeError(rank),
                        Figures = new CandidateFigures(macs, decomposition.Parameters(rank) + bias, 0, 0),
                    });
                }
            }
        }

        return candidates.DrainToImmutable();
    }

    private KernelDecomposition Decomposition(string node, DecouplingForm form)
    {
        if (!_decompositions.TryGetValue((node, form), out KernelDecomposition? decomposition))
        {
            decomposition = KernelDecomposition.Of(model, node, form);
            _decompositions.Add((node, form), decomposition);
        }

        return decomposition;
    }

    private static long Pixels(Shape shape) => checked(shape[1].Value * shape[2].Value);
}
