-- 交通信号控制系统  建库脚本  2024-01

CREATE TABLE [dbo].[t_jtxhkzlk] (
  lkbh nvarchar(50) NOT NULL,
  lkmc nvarchar(200),
  lkxz nvarchar(100),
  jd decimal(10,6),
  wd decimal(9,6),
  xhjxh nvarchar(50),
  kzfs nvarchar(20),
  xwsl decimal(18,2),
  xhzqsc nvarchar(100),
  lbdmc nvarchar(200),
  qyrq date,
  sbzt nvarchar(20),
  gxsj datetime2,
  PRIMARY KEY (lkbh)
);
GO
EXEC sp_addextendedproperty N'MS_Description', N'交通信号控制路口信息表', N'SCHEMA', N'dbo', N'TABLE', N't_jtxhkzlk';
GO
EXEC sp_addextendedproperty N'MS_Description', N'路口编号', N'SCHEMA', N'dbo', N'TABLE', N't_jtxhkzlk', N'COLUMN', N'lkbh';
GO
EXEC sp_addextendedproperty N'MS_Description', N'路口名称', N'SCHEMA', N'dbo', N'TABLE', N't_jtxhkzlk', N'COLUMN', N'lkmc';
GO
EXEC sp_addextendedproperty N'MS_Description', N'路口形状', N'SCHEMA', N'dbo', N'TABLE', N't_jtxhkzlk', N'COLUMN', N'lkxz';
GO
EXEC sp_addextendedproperty N'MS_Description', N'经度', N'SCHEMA', N'dbo', N'TABLE', N't_jtxhkzlk', N'COLUMN', N'jd';
GO
EXEC sp_addextendedproperty N'MS_Description', N'纬度', N'SCHEMA', N'dbo', N'TABLE', N't_jtxhkzlk', N'COLUMN', N'wd';
GO
EXEC sp_addextendedproperty N'MS_Description', N'信号机型号', N'SCHEMA', N'dbo', N'TABLE', N't_jtxhkzlk', N'COLUMN', N'xhjxh';
GO
EXEC sp_addextendedproperty N'MS_Description', N'控制方式', N'SCHEMA', N'dbo', N'TABLE', N't_jtxhkzlk', N'COLUMN', N'kzfs';
GO
EXEC sp_addextendedproperty N'MS_Description', N'相位数量', N'SCHEMA', N'dbo', N'TABLE', N't_jtxhkzlk', N'COLUMN', N'xwsl';
GO
EXEC sp_addextendedproperty N'MS_Description', N'信号周期时长', N'SCHEMA', N'dbo', N'TABLE', N't_jtxhkzlk', N'COLUMN', N'xhzqsc';
GO
EXEC sp_addextendedproperty N'MS_Description', N'绿波带名称', N'SCHEMA', N'dbo', N'TABLE', N't_jtxhkzlk', N'COLUMN', N'lbdmc';
GO
EXEC sp_addextendedproperty N'MS_Description', N'启用日期', N'SCHEMA', N'dbo', N'TABLE', N't_jtxhkzlk', N'COLUMN', N'qyrq';
GO
EXEC sp_addextendedproperty N'MS_Description', N'设备状态', N'SCHEMA', N'dbo', N'TABLE', N't_jtxhkzlk', N'COLUMN', N'sbzt';
GO
EXEC sp_addextendedproperty N'MS_Description', N'更新时间', N'SCHEMA', N'dbo', N'TABLE', N't_jtxhkzlk', N'COLUMN', N'gxsj';
GO
