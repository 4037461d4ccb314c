package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Everything here is invented. No person of these names is meant.

const surnames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
const given = "明远砚秋望舒景和怀信若川致远临川守正映雪青禾晓岚清源向阳建平志强春燕秀英玉兰海燕国栋永胜文斌丽华俊杰雪梅新民振华爱莲桂芳立新小军卫东红梅少华惠民润生成林艳霞世杰宝山水生金花云鹏雨桐子涵思远佳宁嘉树一诺"

// A namer invents names.
type namer struct {
	rng   *rand.Rand
	first []rune
	last  []rune
}

func newNamer(rng *rand.Rand) *namer {
	return &namer{rng, []rune(surnames), []rune(given)}
}

// name returns a surname and one or two characters.
func (n *namer) name() string {
	var b strings.Builder
	b.WriteRune(n.first[n.rng.IntN(len(n.first))])
	b.WriteRune(n.last[n.rng.IntN(len(n.last))])
	if n.rng.IntN(5) > 0 {
		b.WriteRune(n.last[n.rng.IntN(len(n.last))])
	}
	return b.String()
}

// region is a division code that does not exist, so that no invented ID number is
// anybody's.
const region = "149999"

// idNumber returns an ID number with a valid checksum (GB 11643): born on the day,
// serial distinguishes those born on one day, and is odd for men.
func idNumber(year, month, dd, serial int, male bool) string {
	serial = serial * 2 % 1000
	if male {
		serial++
	}
	s := fmt.Sprintf("%s%04d%02d%02d%03d", region, year, month, dd, serial%1000)
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(s[i]-'0') * w
	}
	return s + string("10X98765432"[sum%11])
}

// short leaves out the kind of division: 离石区 is 离石.
func short(county string) string {
	r := []rune(county)
	if len(r) > 2 {
		return string(r[:len(r)-1])
	}
	return county
}

var primaries = map[string][]string{
	"government":         {"财政局", "农业农村局", "自然资源局", "交通运输局", "人力资源和社会保障局", "水利局", "住房和城乡建设局", "市场监督管理局", "民政局", "审计局", "统计局", "文化和旅游局", "应急管理局"},
	"school":             {"第一中学", "第二中学", "职业中学", "实验小学", "教育局机关", "第三中学", "师范附属学校", "特殊教育学校", "第四中学", "第一小学", "第五中学", "第二小学", "技工学校"},
	"hospital":           {"人民医院", "中医院", "妇幼保健院", "疾病预防控制中心", "第二人民医院", "卫生健康局机关", "急救中心", "精神卫生中心", "血站", "第三人民医院", "眼科医院", "口腔医院", "康复医院"},
	"state_enterprise":   {"供电公司", "自来水公司", "燃气公司", "公共交通公司", "城市投资公司", "粮食储备公司", "热力公司", "邮政分公司", "国有林场", "盐业公司", "烟草公司", "物流公司", "水务集团"},
	"private_enterprise": {"煤化工企业联合", "酒业集团", "农产品加工企业联合", "工商业联合会", "个体私营经济协会", "物流企业联合", "律师行业", "建筑企业联合", "餐饮行业", "电商企业联合", "红枣产业协会", "核桃产业协会", "养老服务机构联合"},
}

func primary(sector string, i int) string {
	names := primaries[sector]
	if i < len(names) {
		return names[i]
	}
	return fmt.Sprintf("%s第%d", names[i%len(names)], i/len(names)+1)
}

var townUnits = []string{"中心学校", "卫生院", "供销社", "农民专业合作社联合", "养老院", "林场", "水管站", "农机服务站", "信用社", "文化站"}
var workUnits = []string{"第一", "第二", "第三", "第四", "第五", "第六", "第七", "第八", "第九", "第十", "退休干部第一", "退休干部第二", "后勤", "工会", "技术", "综合"}

// unitName names the n-th work-unit branch below a committee.
func unitName(at *unit, n int) string {
	base := strings.TrimSuffix(strings.TrimPrefix(at.name, "中共"), "委员会")
	if at.code != "" {
		if n < len(townUnits) {
			return base + townUnits[n] + "党支部"
		}
		return fmt.Sprintf("%s%s第%d党支部", base, townUnits[n%len(townUnits)], n/len(townUnits)+1)
	}
	if n < len(workUnits) {
		return base + workUnits[n] + "党支部"
	}
	return fmt.Sprintf("%s第%d党支部", base, n+1)
}

func sectorOf(at *unit) string {
	if at.sector != "" {
		return at.sector
	}
	return "institution"
}
