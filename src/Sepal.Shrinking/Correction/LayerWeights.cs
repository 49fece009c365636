using Sepal.Graphs;

namespace Sepal.Shrinking;

/// <summary>The kernels and the bias of a decoupled layer, term after term, in the order in which the model stores them.</summary>
/// <param name="Depthwise">For each term, <c>[taps, channels]</c>.</param>
/// <param name="Pointwise">For each term, <c>[input channels, filters]</c>.</param>
/// <param name="Bias">A number a filter.</param>
internal sealed record LayerWeights(double[][] Depthwise, double[][] Pointwise, double[] Bias)
{
    /// <summary>Reads a layer's numbers.</summary>
    public static LayerWeights Read(Model model, DecoupledLayer layer)
    {
        return new LayerWeights(
            [.. layer.Steps.Select(steps => Numbers(steps.Depthwise.Inputs[1]))],
            [.. layer.Steps.Select(steps => Numbers(steps.Pointwise.Inputs[1]))],
            layer.Steps[0].Last.Inputs is [_, _, var bias] ? Numbers(bias) : new double[layer.Filters]);

        double[] Numbers(Value value) => Array.ConvertAll(StoredNumbers.Read(model, value).ToArray(), number => (double)number);
    }

    /// <summary>Writes a layer's numbers. A model without a bias has none written.</summary>
    public void Write(Model model, DecoupledLayer layer)
    {
        for (int term = 0; term < layer.Rank; term++)
        {
            model.SetParameter((Parameter)layer.Steps[term].Depthwise.Inputs[1], Floats(Depthwise[term]));
            model.SetParameter((Parameter)layer.Steps[term].Pointwise.Inputs[1], Floats(Pointwise[term]));
        }

        if (layer.Steps[0].Last.Inputs is [_, _, Parameter bias])
        {
            model.SetParameter(bias, Floats(Bias));
        }
    }

    /// <summary>
    /// The same function with both steps of each channel of equal size, as the decomposition has them: fine-tuning moves both
    /// alike.
    /// </summary>
    /// <param name="form">The order of the two steps.</param>
    public LayerWeights Balanced(DecouplingForm form)
    {
        double[][] depthwise = [.. Depthwise.Select(kernel => (double[])kernel.Clone())];
        double[][] pointwise = [.. Pointwise.Select(kernel => (double[])kernel.Clone())];
        int filters = Bias.Length;
        for (int term = 0; term < depthwise.Length; term++)
        {
            int inputs = pointwise[term].Length / filters;
            bool depthwiseFirst = form == DecouplingForm.DepthwisePointwise;
            int channels = depthwiseFirst ? inputs : filters;
            for (int channel = 0; channel < channels; channel++)
            {
                (int Start, int Step, int Count) taps = (channel, channels, depthwise[term].Length / channels);
                (int Start, int Step, int Count) mix = depthwiseFirst ? (channel * filters, 1, filters) : (channel, filters, inputs);
                double factor = Math.Pow(Squares(pointwise[term], mix) / Squares(depthwise[term], taps), 0.25);
                if (double.IsFinite(factor) && factor > 0)
                {
                    Scale(depthwise[term], taps, factor);
                    Scale(pointwise[term], mix, 1 / factor);
                }
            }
        }

        return this with { Depthwise = depthwise, Pointwise = pointwise };
    }

    private static double Squares(double[] numbers, (int Start, int Step, int Count) range)
    {
        double sum = 0;
        for (int index = 0; index < range.Count; index++)
        {
            double number = numbers[range.Start + (index * range.Step)];
            sum += number * number;
        }

        return sum;
    }

    private static void Scale(double[] numbers, (int Start, int Step, int Count) range, double factor)
    {
        for (int index = 0; index < range.Count; index++)
        {
            numbers[range.Start + (index * range.Step)] *= factor;
        }
    }

    private static float[] Floats(double[] numbers) => Array.ConvertAll(numbers, number => (float)number);
}
