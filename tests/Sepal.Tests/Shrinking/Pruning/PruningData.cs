using System.Numerics.Tensors;
using Sepal.Graphs;
using Sepal.Operators;
using Sepal.Shrinking;
using Sepal.Training;

namespace Sepal.Tests.Shrinking.Pruning;

/// <summary>Networks with numbers as trained ones have them, images, and comparisons.</summary>
internal static class PruningData
{
    public static Tensor<float> Images(int count, int height, int width, int channels, int seed = 3)
    {
        var random = new Random(seed);
        return Tensor.Create([.. Enumerable.Range(0, count * height * width * channels).Select(_ => random.NextSingle())], [count, height, width, channels]);
    }

    public static TensorDataset Dataset(Tensor<float> images) => new(images, new int[(int)images.Lengths[0]]);

    /// <summary>Gives batch normalisations and biases numbers other than those that training begins with.</summary>
    public static Model Shaken(Model model)
    {
        var random = new Random(11);
        foreach (Node node in model.Graph.Nodes)
        {
            if (node.Operator is BatchNormalization)
            {
                Fill(node.Inputs[1], 0.6f, 1.4f);
                Fill(node.Inputs[2], -0.3f, 0.5f);
                Fill(node.Inputs[3], -0.2f, 0.2f);
                Fill(node.Inputs[4], 0.5f, 1.5f);
            }
            else if (node.Operator is Convolution or Dense && node.Inputs.Length == 3)
            {
                Fill(node.Inputs[2], -0.2f, 0.3f);
            }
        }

        return model;

        void Fill(Value value, float low, float high)
        {
            var parameter = (Parameter)value;
            model.SetParameter(parameter, [.. Enumerable.Range(0, (int)parameter.Length).Select(_ => low + (random.NextSingle() * (high - low)))]);
        }
    }

    /// <summary>Sets the weights to 0 by which layers read some channels.</summary>
    public static void Silence(Model model, ChannelFlow flow, HashSet<int> classes)
    {
        foreach (ChannelReader reader in flow.Readers.Where(reader => reader.Channels is not null))
        {
            var kernel = (Parameter)reader.Node.Inputs[1];
            float[] weights = model.GetParameter(kernel).ToArray();
            int inputs = (int)kernel.Shape[reader.InputAxis].Value;
            int outputs = (int)kernel.Shape[reader.InputAxis + 1].Value;
            for (int index = 0; index < weights.Length; index++)
            {
                if (classes.Contains(flow.Classes.Find(reader.Channels![index / outputs % inputs])))
                {
                    weights[index] = 0;
                }
            }

            model.SetParameter(kernel, weights);
        }
    }

    /// <summary>The largest difference of two results, in proportion to the largest number; fails where they do not differ from image to image.</summary>
    public static double Difference(Tensor<float> expected, Tensor<float> actual)
    {
        Xunit.Assert.Equal(expected.Lengths.ToArray(), actual.Lengths.ToArray());
        float[] left = [.. expected];
        float[] right = [.. actual];
        Xunit.Assert.All(left, value => Xunit.Assert.True(float.IsFinite(value)));
        int row = left.Length / (int)expected.Lengths[0];
        double scale = left.Max(Math.Abs);
        Xunit.Assert.True(
            Enumerable.Range(0, row).Max(index => Math.Abs(left[index] - left[row + index])) > 1e-3 * scale, "The images must make a difference.");
        return left.Zip(right, (x, y) => Math.Abs((double)x - y)).Max() / scale;
    }
}
