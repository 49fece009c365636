using System.Numerics.Tensors;
using Sepal.Graphs;
using Sepal.Layers;
using Sepal.Randomness;
using Binary = Sepal.Operators.Binary;
using BinaryFunction = Sepal.Operators.BinaryFunction;

namespace Sepal.Tests.Inference;

/// <summary>Small models to run.</summary>
internal static class SessionModels
{
    public const int Side = 9;

    /// <summary>One input <c>(batch, 9, 9, 3)</c>, one output <c>(batch, 5)</c>; every kind of step that threads share.</summary>
    public static Sequential Classifier()
    {
        Sequential model =
        [
            new Input(Side, Side, 3),
            new Conv2D(8, 3) { Activation = Activations.Relu },
            new SeparableConv2D(16, 3) { Activation = Activations.Relu },
            new GlobalAveragePooling2D(),
            new Dense(5) { Activation = Activations.Softmax },
        ];
        model.Initialize(3);
        return model;
    }

    /// <summary>Two inputs that share a batch dimension, the second with an open width; two outputs.</summary>
    public static Graph TwoInputs()
    {
        var builder = new GraphBuilder();
        Value first = builder.Input("first", new TensorSpec([Dimension.Batch, 4]));
        Value second = builder.Input("second", new TensorSpec([Dimension.Batch, Dimension.Symbol("width")]));
        Value doubled = builder.Add("doubled", new Binary(BinaryFunction.Add), [first, first]).Output;
        Value squared = builder.Add("squared", new Binary(BinaryFunction.Multiply), [second, second]).Output;
        return builder.Build(doubled, squared);
    }

    public static Tensor<float> Images(int count, ulong seed = 1)
    {
        var random = new RandomStream(seed, stream: 0);
        var numbers = new float[count * Side * Side * 3];
        foreach (ref float number in numbers.AsSpan())
        {
            number = random.NextSingle();
        }

        return Tensor.Create(numbers, [count, Side, Side, 3]);
    }

    public static float[] Numbers(Tensor<float> tensor)
    {
        var numbers = new float[tensor.FlattenedLength];
        tensor.FlattenTo(numbers);
        return numbers;
    }
}
