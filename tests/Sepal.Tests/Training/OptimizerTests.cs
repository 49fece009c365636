using Sepal.Execution;
using Sepal.Kernels.Optimizers;
using Sepal.Training.Optimizers;
using Sepal.Training.Schedules;
using Xunit;

namespace Sepal.Tests.Training;

/// <summary>Every optimizer against its published rule, in double precision, over several steps.</summary>
public unsafe class OptimizerTests
{
    private const int Length = 32;
    private const int Steps = 12;

    public static TheoryData<string> Names => ["sgd", "momentum", "nesterov", "adam", "adamw", "rmsprop", "sgd, decay", "momentum, decay", "rmsprop, decay"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Updates_follow_the_published_rule(string name)
    {
        Optimizer optimizer = name switch
        {
            "sgd" => new Sgd(0.1),
            "momentum" => new Sgd(0.1) { Momentum = 0.9f },
            "nesterov" => new Sgd(0.1) { Momentum = 0.9f, Nesterov = true },
            "sgd, decay" => new Sgd(0.1) { WeightDecay = 0.2f },
            "momentum, decay" => new Sgd(0.1) { Momentum = 0.9f, WeightDecay = 0.2f },
            "rmsprop, decay" => new RmsProp(0.05) { WeightDecay = 0.2f },
            "adam" => new Adam(0.05),
            "adamw" => new AdamW(0.05) { WeightDecay = 0.1f },
            _ => new RmsProp(0.05),
        };
        var random = new Random(3);
        double[] expected = [.. Enumerable.Range(0, Length).Select(_ => (2 * random.NextDouble()) - 1)];
        var first = new double[Length];
        var second = new double[Length];
        using var memory = new AlignedMemory(4 * Length * sizeof(float));
        Span<float> parameters = memory.Floats(0, Length);
        for (int index = 0; index < Length; index++)
        {
            parameters[index] = (float)expected[index];
        }

        for (int step = 0; step < Steps; step++)
        {
            Span<float> gradients = memory.Floats(Length * sizeof(float), Length);
            for (int index = 0; index < Length; index++)
            {
                gradients[index] = (2 * random.NextSingle()) - 1;
                Apply(name, step, ref expected[index], gradients[index], ref first[index], ref second[index]);
            }

            float* start = (float*)memory.Pointer;
            UpdateKernel.Instance.Apply(
                optimizer.UpdateFor(step), start, start + Length, start + (2 * Length), start + (3 * Length), Length);
        }

        for (int index = 0; index < Length; index++)
        {
            Assert.Equal(expected[index], parameters[index], 1e-5);
        }
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void An_impossible_learning_rate_is_refused(double rate)
    {
        SepalException error = Assert.Throws<SepalException>(() => new Adam(rate));
        Assert.Contains("learning rate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_impossible_momentum_is_refused() =>
        Assert.Contains("momentum", Assert.Throws<SepalException>(() => new Sgd { Momentum = 1 }).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0f)]
    [InlineData(-1e-7f)]
    [InlineData(float.NaN)]
    public void An_epsilon_that_does_not_keep_from_dividing_by_zero_is_refused(float epsilon)
    {
        Refused(() => new Adam { Epsilon = epsilon });
        Refused(() => new AdamW { Epsilon = epsilon });
        Refused(() => new RmsProp { Epsilon = epsilon });

        static void Refused(Func<Optimizer> make) =>
            Assert.Contains("epsilon", Assert.Throws<SepalException>(make).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_impossible_weight_decay_is_refused()
    {
        Refused(() => new AdamW { WeightDecay = -1 });
        Refused(() => new Sgd { WeightDecay = -1 });
        Refused(() => new RmsProp { WeightDecay = -1 });

        static void Refused(Func<Optimizer> make) =>
            Assert.Contains("weight decay", Assert.Throws<SepalException>(make).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_schedule_is_refused_where_it_is_given()
    {
        Assert.Throws<ArgumentNullException>(() => new Adam(null!));
        Assert.Throws<ArgumentNullException>(() => new WarmupSchedule(10, null!));
    }

    [Fact]
    public void Schedules_give_the_rates_they_promise()
    {
        LearningRateSchedule constant = 0.5;
        Assert.Equal(0.5, constant.At(1_000_000));
        var drops = new StepSchedule(1, Every: 10, Factor: 0.5);
        Assert.Equal([1, 1, 0.5, 0.25], [drops.At(0), drops.At(9), drops.At(10), drops.At(29)]);
        var cosine = new CosineSchedule(1, Steps: 100, FinalRate: 0.1);
        Assert.Equal(1, cosine.At(0), 1e-12);
        Assert.Equal(0.55, cosine.At(50), 1e-12);
        Assert.Equal(0.1, cosine.At(100), 1e-12);
        Assert.Equal(0.1, cosine.At(5000), 1e-12);
        var warmUp = new WarmupSchedule(4, cosine);
        Assert.Equal([0.25, 0.5, 0.75, 1, 1], [warmUp.At(0), warmUp.At(1), warmUp.At(2), warmUp.At(3), warmUp.At(4)]);
        Assert.Equal(0.55, warmUp.At(54), 1e-12);
    }

    private static void Apply(string name, int step, ref double parameter, double gradient, ref double first, ref double second)
    {
        string[] parts = name.Split(", ");
        if (parts.Length > 1)
        {
            parameter *= 1 - ((parts[0] == "rmsprop" ? 0.05 : 0.1) * 0.2);
        }

        switch (parts[0])
        {
            case "sgd":
                parameter -= 0.1 * gradient;
                break;
            case "momentum":
                first = (0.9 * first) - (0.1 * gradient);
                parameter += first;
                break;
            case "nesterov":
                first = (0.9 * first) - (0.1 * gradient);
                parameter += (0.9 * first) - (0.1 * gradient);
                break;
            case "rmsprop":
                second = (0.9 * second) + (0.1 * gradient * gradient);
                parameter -= 0.05 * gradient / Math.Sqrt(second + 1e-7);
                break;
            default:
                if (name == "adamw")
                {
                    parameter *= 1 - (0.05 * 0.1);
                }

                // Kingma and Ba's form with corrected means, and the small number added to the uncorrected root as Keras does.
                first = (0.9 * first) + (0.1 * gradient);
                second = (0.999 * second) + (0.001 * gradient * gradient);
                double rate = 0.05 * Math.Sqrt(1 - Math.Pow(0.999, step + 1)) / (1 - Math.Pow(0.9, step + 1));
                parameter -= rate * first / (Math.Sqrt(second) + 1e-7);
                break;
        }
    }
}
