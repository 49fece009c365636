using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Sepal.Kernels;

namespace Sepal.Training.Gradients;

/// <summary>The gradients of a convolution of any kind, by its image, its kernel and its bias.</summary>
internal static class ConvolutionGradient
{
    public static void Add(GradientContext context, Node node) =>
        Add(context, node, ConvolutionLowering.Geometry(context.Forward, node));

    /// <summary>The gradients of any node that is a convolution in numbers.</summary>
    public static void Add(GradientContext context, Node node, ConvolutionGeometry geometry)
    {
        ConvolutionAlgorithm algorithm = ConvolutionAlgorithm.Select(geometry);
        bool hasBias = node.Inputs.Length > 2 && context.Needs(node.Inputs[2]);
        bool needsWeights = context.Needs(node.Inputs[1]) || hasBias;
        bool needsInput = context.Needs(node.Inputs[0]);

        // What finishes the gradient by the output comes first; strips of the gradient by the input are the shorter ones. Otherwise that comes last: what
        // reads it next then finds it in a near cache.
        bool inputCanFinish = needsInput && algorithm.InputGradientFinishes;
        bool weightsCanFinish = needsWeights && algorithm.WeightGradientFinishes;
        UnfinishedNormalization? unfinished = inputCanFinish || weightsCanFinish ? context.TakeUnfinished(node.Output) : null;
        bool inputFinishes = inputCanFinish && unfinished is not null;
        PlanBuffer outputGradient = context.OutputGradient(node);
        if (inputFinishes)
        {
            AddInput(context, node, algorithm, outputGradient, unfinished);
        }

        if (needsWeights)
        {
            AddWeights(context, node, algorithm, outputGradient, hasBias, inputFinishes ? null : unfinished);
        }

        if (needsInput && !inputFinishes)
        {
            AddInput(context, node, algorithm, outputGradient, unfinished: null);
        }
    }

    private static unsafe void AddWeights(
        GradientContext context, Node node, ConvolutionAlgorithm algorithm, PlanBuffer outputGradient, bool hasBias,
        UnfinishedNormalization? unfinished)
    {
        DeferredNormalization? unwritten = context.Forward.Unwritten(node);
        PlanBuffer? input = unwritten is null ? context.Forward.Buffer(node.Inputs[0]) : null;
        PlanBuffer[] inputs = unwritten?.Reads ?? [input!];
        PlanBuffer partials = context.Plan.Allocate($"{node.Name}/partial gradients", algorithm.WeightGradientPartialsLength);

        // A frozen kernel under a trained bias still needs a place to be written to.
        PlanBuffer kernelGradient = context.Needs(node.Inputs[1])
            ? context.InputGradient(node, 1)
            : context.Plan.Allocate($"{node.Name}/unused gradient", context.Forward.Length(node.Inputs[1]));
        PlanBuffer? biasGradient = hasBias ? context.InputGradient(node, 2) : null;
        PlanBuffer[] gradients = biasGradient is null ? [kernelGradient] : [kernelGradient, biasGradient];
        context.Plan.Add(
            node.Name,
            "gradient by kernel",
            algorithm.WeightGradientParts,
            [.. inputs, outputGradient, .. unfinished?.Reads ?? []],
            unfinished is null ? [partials, .. gradients] : [partials, .. gradients, outputGradient],
            (run, part, worker) => algorithm.WeightGradient(
                input is null ? null : run.Floats(input),
                run.Floats(outputGradient),
                run.Floats(kernelGradient),
                biasGradient is null ? null : run.Floats(biasGradient),
                run.Floats(partials),
                part,
                run.Scratch(worker),
                unfinished?.In(run) ?? default,
                unwritten?.In(run) ?? default),
            algorithm.WeightGradientScratchLength);
        if (algorithm.WeightGradientReduceParts > 0)
        {
            context.Plan.Add(
                node.Name,
                "reduce gradient by kernel",
                algorithm.WeightGradientReduceParts,
                [partials, .. gradients],
                gradients,
                (run, part, _) => algorithm.ReduceWeightGradient(
                    run.Floats(partials),
                    run.Floats(kernelGradient),
                    biasGradient is null ? null : run.Floats(biasGradient),
                    part));
        }
    }

    private static unsafe void AddInput(
        GradientContext context, Node node, ConvolutionAlgorithm algorithm, PlanBuffer outputGradient, UnfinishedNormalization? unfinished)
    {
        PlanBuffer kernel = context.Forward.Buffer(node.Inputs[1]);
        PlanBuffer packed = algorithm.PackedTransposeLength == 0
            ? kernel
            : context.Plan.Prepare(
                node.Name,
                "pack kernel for gradient",
                kernel,
                algorithm.PackedTransposeLength,
                destination => (run, part, _) => algorithm.PackKernelTransposed(run.Floats(kernel), run.Floats(destination), part),
                algorithm.PackTransposeParts);
        PlanBuffer inputGradient = context.InputGradient(node, 0);
        var sums = NormalizationSums.MeasuredBy(context, node.Inputs[0], inputGradient, algorithm.InputGradientPixels);
        PlanBuffer[] finished = unfinished is null ? [] : [outputGradient];
        PlanBuffer[] partials = sums is null ? [] : [sums.Partials];
        context.Plan.Add(
            node.Name,
            "gradient by input",
            algorithm.InputGradientParts,
            [outputGradient, packed, .. unfinished?.Reads ?? [], .. sums?.Reads ?? []],
            [inputGradient, .. finished, .. partials],
            (run, part, worker) =>
            {
                algorithm.InputGradient(
                    run.Floats(outputGradient),
                    run.Floats(packed),
                    run.Floats(inputGradient),
                    part,
                    run.Scratch(worker),
                    unfinished?.In(run) ?? default);
                sums?.Measure(run, part);
            },
            algorithm.InputGradientScratchLength);
    }
}
